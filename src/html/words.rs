//! What the names that authors give to parts of their pages (`class`, `id`) say of them.
//!
//! A name is taken apart into words, at signs and where a capital follows a small letter; words written together are taken
//! apart where each is known (`relatedposts`). A set of words stands for what is meant by them.

/// What words of a name mean, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Hints(u32);

impl Hints {
    /// Ways through a site.
    pub(super) const NAVIGATION: Self = Self(1);
    /// What stands at the foot of every page.
    pub(super) const FOOTER: Self = Self(1 << 1);
    /// What stands beside the text.
    pub(super) const SIDEBAR: Self = Self(1 << 2);
    /// Buttons to share and follow.
    pub(super) const SOCIAL: Self = Self(1 << 3);
    /// Other pages that may please.
    pub(super) const RELATED: Self = Self(1 << 4);
    /// What readers wrote, and where they write it.
    pub(super) const COMMENTS: Self = Self(1 << 5);
    /// Advertising.
    pub(super) const ADVERT: Self = Self(1 << 6);
    /// Asks for an address, an account or money.
    pub(super) const FORM: Self = Self(1 << 7);
    /// Who wrote it, when, and about what.
    pub(super) const BYLINE: Self = Self(1 << 8);
    /// What lies over the page until it is closed.
    pub(super) const OVERLAY: Self = Self(1 << 9);
    /// Not to be seen.
    pub(super) const HIDDEN: Self = Self(1 << 10);
    /// Words under a picture.
    pub(super) const CAPTION: Self = Self(1 << 11);
    /// Pictures one beside the other.
    pub(super) const GALLERY: Self = Self(1 << 12);
    /// The place of the main text.
    pub(super) const CONTENT: Self = Self(1 << 13);
    const ARTICLE: Self = Self(1 << 24);
    const BODY: Self = Self(1 << 25);
    const MAIN: Self = Self(1 << 26);
    const SCREEN: Self = Self(1 << 27);
    const READER: Self = Self(1 << 28);
    const NOT: Self = Self(1 << 29);
    const PARTS: Self = Self(0x3F << 24);

    /// Both.
    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// True when they have one in common.
    pub(super) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// What a value of `class` or `id` means.
    pub(super) fn of(value: &[u8]) -> Self {
        let names = value.split(|b| b.is_ascii_whitespace()).filter(|name| name.len() > 1);
        // Of a post WordPress says there what it is about.
        if names.clone().any(|name| name == b"hentry" || name == b"type-post" || name == b"status-publish") {
            return Self::default();
        }
        names.map(Self::of_name).fold(Self::default(), Self::or)
    }

    fn of_name(name: &[u8]) -> Self {
        let mut all = Self::default();
        let mut start = 0;
        for at in 1..=name.len() {
            let ends = at == name.len()
                || !name[at].is_ascii_alphanumeric()
                || (name[at].is_ascii_uppercase() && name[at - 1].is_ascii_lowercase());
            if ends {
                all = all.or(words(&name[start..at]));
                start = at;
            }
        }
        let negative = Self(all.0 & !Self::PARTS.0);
        match () {
            // `no-sidebar`, `has-comments` say how the page is laid out.
            () if all.meets(Self::NOT) => Self::default(),
            () if all.meets(Self::SCREEN) && all.meets(Self::READER) => Self::HIDDEN,
            () if negative != Self::default() => negative,
            () if all.meets(Self::BODY) && all.meets(Self::ARTICLE.or(Self::MAIN)) => Self::CONTENT,
            () => Self::default(),
        }
    }
}

/// Longest word that is known.
const LONGEST: usize = 16;
/// Shortest word that is known as the beginning of another.
const PART: usize = 5;

/// The meaning of one word, or of the known words it begins with.
fn words(word: &[u8]) -> Hints {
    let mut rest = match word.first() {
        Some(b) if !b.is_ascii_alphanumeric() => &word[1..],
        _ => word,
    };
    let mut all = Hints::default();
    while rest.len() > 1 {
        let (mut hash, mut longest) = (SEED, None);
        for (at, byte) in rest.iter().take(LONGEST).enumerate() {
            hash = step(hash, *byte);
            if at + 1 >= PART || at + 1 == rest.len() {
                longest = find(hash, &rest[..at + 1]).map(|hints| (hints, at + 1)).or(longest);
            }
        }
        let Some((hints, length)) = longest else { break };
        all = all.or(hints);
        rest = &rest[length..];
    }
    all
}

const SEED: u32 = 0x811C_9DC5;

const fn step(hash: u32, byte: u8) -> u32 {
    (hash ^ (byte | 0x20) as u32).wrapping_mul(0x0100_0193)
}

const fn slot(hash: u32) -> usize {
    (hash.wrapping_mul(0x9E37_79B1) >> 22) as usize
}

fn find(hash: u32, word: &[u8]) -> Option<Hints> {
    let mut at = slot(hash);
    while SLOTS[at] != 0 {
        let (list, hints) = WORDS[SLOTS[at] as usize - 1];
        if list.as_bytes().eq_ignore_ascii_case(word) {
            return Some(hints);
        }
        at = (at + 1) % SLOTS.len();
    }
    None
}

static SLOTS: [u16; 1024] = {
    let mut slots = [0; 1024];
    let mut row = 0;
    while row < WORDS.len() {
        let (mut hash, mut at) = (SEED, 0);
        let bytes = WORDS[row].0.as_bytes();
        while at < bytes.len() {
            hash = step(hash, bytes[at]);
            at += 1;
        }
        let mut place = slot(hash);
        while slots[place] != 0 {
            place = (place + 1) % slots.len();
        }
        slots[place] = row as u16 + 1;
        row += 1;
    }
    slots
};

macro_rules! words {
    ($($hints:expr => $($word:literal)+;)+) => {
        const WORDS: &[(&str, Hints)] = &[$($(($word, $hints),)+)+];
    };
}

words! {
    // Words that begin like others.
    Hints(0) =>
        "commentary" "authority" "authorities" "datepicker" "database" "dataset" "tagline" "navy" "menuet" "adventure"
        "socialism" "socialist" "sharepoint" "popularity" "datenschutz" "bannerless" "pagerank" "registered" "lately";
    Hints::ARTICLE =>
        "article" "post" "entry" "story" "news" "blog" "artikel" "beitrag" "articulo" "noticia" "nota" "recipe" "rezept"
        "product" "topic" "single" "thread" "message" "haber" "berita" "statya" "novost" "artigo" "materia" "articolo";
    Hints::BODY =>
        "body" "content" "contents" "text" "txt" "copy" "contenu" "inhalt" "contenido" "conteudo" "contenuto" "cuerpo"
        "corps" "corpo" "texto" "texte" "testo" "tekst" "tresc" "detail" "details" "full" "fulltext" "richtext" "prose"
        "instructions" "ingredients" "icerik" "isi" "inner";
    Hints::MAIN => "main" "haupt" "principal" "primary" "hentry";
    Hints::SCREEN => "screen" "visually" "sr";
    Hints::READER => "reader" "hidden" "only";
    Hints::NOT => "no" "has" "with" "without" "is" "not" "js" "hasnt";

    Hints::NAVIGATION =>
        "nav" "navi" "navigation" "navbar" "subnav" "navigacija" "navigacia" "navigasyon" "menu" "menue" "menus"
        "submenu" "hauptmenue" "breadcrumb" "breadcrumbs" "pagination" "paginator" "pager" "dropdown" "megamenu" "skip"
        "skiplink" "topbar" "toolbar" "masthead" "flyout" "burger" "hamburger" "sitemap" "brotkrumen" "navegacion"
        "rubriken" "prevnext" "postnav" "sitehead" "siteheader" "logo" "branding" "ticker";
    Hints::FOOTER =>
        "footer" "colophon" "copyright" "copyrights" "impressum" "fusszeile" "footnav" "sitefooter" "imprint" "bottombar"
        "podval" "rodape" "piede" "pied" "stopka";
    Hints::SIDEBAR =>
        "sidebar" "sidebars" "aside" "rail" "sidemenu" "sidenav" "seitenleiste" "marginalspalte" "marginal" "sidecolumn" "colonne" "lateral" "kenar";
    Hints::SOCIAL =>
        "share" "shares" "sharer" "sharing" "social" "socials" "socialmedia" "shariff" "addthis" "sharedaddy" "sharethis"
        "sharebar" "facebook" "twitter" "whatsapp" "linkedin" "pinterest" "instagram" "telegram" "follow" "followus"
        "tweet" "teilen" "compartir" "partager" "partage" "condividi" "compartilhar" "udostepnij" "delen" "paylas"
        "podelitsya" "addtoany" "heateor" "flattr" "likes" "likebox" "bookmark" "bookmarks";
    Hints::RELATED =>
        "related" "relateds" "recommend" "recommended" "recommendation" "recommendations" "recommender" "trending"
        "popular" "similar" "recirc" "recirculation" "outbrain" "taboola" "readmore" "mostread" "mostpopular" "plista"
        "yarpp" "zemanta" "suggested" "suggestions" "empfehlung" "empfehlungen" "verwandt" "verwandte" "correlati"
        "relacionadas" "relacionados" "relacionada" "similaires" "aehnliche" "weitere" "latest" "recent" "recents"
        "newest" "further" "upnext" "nextpost" "prevpost" "mgid" "dable" "revcontent" "crosslinks" "ilgili"
        "benzer" "terkait" "podobne" "gerelateerd" "lire" "readnext" "alsolike" "seealso" "pochitaite" "populyarnoe";
    Hints::COMMENTS =>
        "comment" "comments" "commentlist" "commentform" "commenting" "kommentar" "kommentare"
        "kommentieren" "komentarze" "komentar" "comentario" "comentarios" "commentaire" "commentaires" "commenti"
        "kommentarii" "yorum" "yorumlar" "disqus" "respond" "reactions" "reaktionen" "opinie" "akismet" "livefyre"
        "trackback" "trackbacks" "pingback" "pingbacks" "leserbriefe" "replies" "reply" "viafoura" "spotim";
    Hints::ADVERT =>
        "ad" "ads" "adv" "advert" "adverts" "advertisement" "advertising" "advertise" "banner" "banners" "sponsor"
        "sponsored" "sponsors" "promo" "promos" "promotion" "promoted" "werbung" "anzeige" "anzeigen" "publicidad"
        "publicidade" "publicite" "reklama" "reklam" "reklame" "pubblicita" "billboard" "leaderboard" "skyscraper"
        "adsbygoogle" "adsense" "dfp" "gpt" "adslot" "adbox" "adunit" "adwrapper" "adcontainer" "affiliate" "mpu" "iklan"
        "doubleclick" "criteo" "adzone" "adspace" "partners" "sponsoring";
    Hints::FORM =>
        "newsletter" "newsletters" "subscribe" "subscriber" "subscription" "subscriptions" "signup" "signin" "login"
        "logon" "register" "registration" "paywall" "paygate" "donate" "donation" "donations" "spenden" "search"
        "searchform" "searchbox" "searchbar" "suche" "buscador" "buscar" "recherche" "feedback" "optin" "mailchimp" "abo"
        "abonnement" "anmeldung" "cta" "poll" "polls" "survey" "quiz" "voting" "captcha" "recaptcha" "contactform"
        "mailinglist" "metered" "petition" "suscribete" "rss" "basket" "cart" "warenkorb" "checkout";
    Hints::BYLINE =>
        "meta" "metadata" "byline" "bylines" "author" "authors" "autor" "autoren" "auteur" "autore" "date" "datum"
        "timestamp" "dateline" "posted" "postmeta" "postedon" "entrymeta" "published" "publishdate" "pubdate" "tags"
        "taglist" "tagcloud" "tagged" "keywords" "schlagworte" "stichworte" "etiquetas" "category" "categories"
        "kategorie" "kategorien" "taxonomy" "vcard" "bio" "authorbox" "authorbio" "biography" "readingtime" "readtime"
        "credits" "rating" "ratings" "viewcount" "postfooter" "entryfooter" "avatar" "permalink" "postinfo"
        "biobox" "writer" "yazar" "penulis" "editedby" "lastupdated" "topics";
    Hints::OVERLAY =>
        "cookie" "cookies" "cookiebar" "cookienotice" "consent" "gdpr" "dsgvo" "modal" "modals" "popup" "popups" "popover"
        "overlay" "lightbox" "tooltip" "tooltips" "toast" "onetrust" "cookiebot" "interstitial" "notification"
        "notifications" "offcanvas" "adblock" "noscript" "snackbar" "preloader";
    Hints::HIDDEN => "invisible" "displaynone" "nodisplay" "noprint" "nocontent" "srOnly";
    Hints::CAPTION => "caption" "captions" "figcaption" "bildunterschrift" "legende" "imagecaption" "photocaption" "bu";
    Hints::GALLERY => "gallery" "carousel" "slider" "slideshow" "swiper" "slick" "galerie" "owl" "flickity";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        for (value, hints) in [
            ("sidebar", Hints::SIDEBAR),
            ("main-menu left", Hints::NAVIGATION),
            ("relatedPosts", Hints::RELATED),
            ("jp-relatedposts", Hints::RELATED),
            ("post__share-buttons", Hints::SOCIAL),
            ("no-sidebar has-comments", Hints::default()),
            ("articleBody", Hints::CONTENT),
            ("c-article__body", Hints::CONTENT),
            ("entry-content", Hints::CONTENT),
            ("comment-content", Hints::COMMENTS),
            ("screen-reader-text", Hints::HIDDEN),
            ("shadow gradient header", Hints::default()),
            ("commentlist", Hints::COMMENTS),
            ("CONTENT", Hints::default()),
        ] {
            assert_eq!(Hints::of(value.as_bytes()), hints, "{value}");
        }
    }
}
