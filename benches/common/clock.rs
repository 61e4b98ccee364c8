//! Processor time and memory of this process.

/// What [`now`] counts, for people.
pub const KIND: &str = if cfg!(unix) { "processor time of all threads" } else { "wall time" };

/// Seconds of processor time this process has used in all its threads: what other programs do meanwhile does not count.
#[cfg(unix)]
pub fn now() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Seconds since the first call: the best there is without the system's own calls.
#[cfg(not(unix))]
pub fn now() -> f64 {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    START.get_or_init(std::time::Instant::now).elapsed().as_secs_f64()
}

/// Seconds some work takes.
pub fn seconds(work: impl Fn()) -> f64 {
    let start = now();
    work();
    now() - start
}

/// The one in the middle.
pub fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The most memory this process has had at once, in KiB; Linux only.
pub fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}
