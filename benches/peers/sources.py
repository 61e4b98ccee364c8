"""Readers of web archives on one file, each in a process of its own: what `benches/peers/sources` calls.

    sources.py PEER FILE    prints seconds of processor time, records of text and their bytes
"""
import sys
import time


def fastwarc(path):
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    with open(path, "rb") as stream:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.conversion):
            yield record.reader.read()


def warcio(path):
    from warcio.archiveiterator import ArchiveIterator

    with open(path, "rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type == "conversion":
                yield record.content_stream().read()


def datatrove(path):
    import os

    from datatrove.pipeline.readers import WarcReader

    folder, name = os.path.split(path)
    for document in WarcReader(folder, glob_pattern=name, file_progress=False, doc_progress=False).run():
        yield document.text.encode()


def main():
    peer, path = sys.argv[1:]
    read = {"fastwarc": fastwarc, "warcio": warcio, "datatrove": datatrove}[peer]
    start = time.process_time()
    count = total = 0
    for body in read(path):
        count += 1
        total += len(body)
    print(f"{time.process_time() - start:.3f} {count} {total}")


main()
