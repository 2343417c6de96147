//! What customers do on the site and with what is sent to them, session by session.

use rand::RngExt;

use super::super::customer::Taste;
use super::super::dice::{Dice, chance, pick, popular};
use super::super::shop::PRODUCTS_A_CATEGORY;
use super::super::tables::Cells;
use super::super::words;
use super::character::Character;
use super::scene::{END, Scene};
use super::{Portion, optional, shown};

/// What a session is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Theme {
    SignUp,
    Browsing,
    /// Ends with an order, at the very second of it.
    Buying,
    Campaign,
    Public,
    Asking,
    Bounce,
    Leaving,
}

/// When a session begins (or, of buying, ends), what it is about, and of how many events it is.
type Session = (u32, Theme, u32);

const BROWSING: [&str; 8] = ["view", "view", "view", "search", "search", "compare", "wishlist", "login"];
const BUYING: [&str; 5] = ["visit", "view", "cart", "checkout", "purchase"];
const CAMPAIGN: [&str; 4] = ["campaign_sent", "campaign_open", "campaign_click", "campaign_convert"];
const PUBLIC: [&str; 6] = ["community_post", "community_reply", "review", "share", "review", "share"];
const ASKING: [&str; 5] = ["process_question", "download", "webinar", "download", "other"];
const DEVICES: [&str; 3] = ["web", "app", "app"];
const CAMPAIGNS: [&str; 12] = [
    "summer-2022",
    "autumn-2022",
    "winter-2022",
    "spring-2023",
    "summer-2023",
    "autumn-2023",
    "winter-2023",
    "spring-2024",
    "summer-2024",
    "autumn-2024",
    "winter-2024",
    "spring-2025",
];

/// How many events a customer has, against others.
pub fn weight(who: &Character) -> f64 {
    let days = 0.15 + who.end - who.start;
    who.energy * days * if who.is_organisation() { 0.5 } else { 1.0 }
}

/// Writes a customer's events in the order of time.
pub fn write(
    scene: &Scene<'_>,
    dice: &mut Dice,
    who: &Character,
    portion: &Portion,
    cells: &mut dyn Cells,
) -> u64 {
    let mut sessions = sessions(scene, dice, who, portion);
    sessions.sort_unstable();
    let taste = scene.people.taste(who.customer);
    let mut writer =
        Writer { scene, who, taste, channel: pick(dice, &DEVICES), next: portion.first, session: 0, cells };
    let end = portion.first + portion.count;
    for session in sessions {
        writer.session(dice, session, end);
    }
    portion.count
}

fn sessions(scene: &Scene<'_>, dice: &mut Dice, who: &Character, portion: &Portion) -> Vec<Session> {
    let wanted = portion.count as u32;
    let mut sessions: Vec<Session> = Vec::with_capacity(portion.count as usize / 3 + 2);
    let mut planned = 0;
    let mut plan = |session: Session| {
        planned += session.2;
        sessions.push(session);
        planned < wanted
    };
    let from = who.start - 0.02;
    let mut goes_on = plan((scene.time(dice, from, from + 0.01), Theme::SignUp, 1));
    for &at in &portion.orders {
        if goes_on && chance(dice, scene.traced) {
            goes_on = plan((at, Theme::Buying, BUYING.len() as u32));
        }
    }
    // Who is displeased or gone leaves in the end, and some are not to be reached any more.
    if goes_on && chance(dice, if who.is_there() { 0.02 } else { 0.15 }) {
        goes_on = plan((scene.time(dice, who.end - 0.05, who.end), Theme::Leaving, 1));
    }
    if goes_on && chance(dice, 0.03) {
        goes_on = plan((scene.time(dice, who.end - 0.2, who.end), Theme::Bounce, 4));
    }
    while goes_on {
        let theme = match dice.random_range(0..100) {
            0..64 => Theme::Browsing,
            64..90 => Theme::Campaign,
            90..94 => Theme::Asking,
            _ if who.is_voice => Theme::Public,
            _ => Theme::Browsing,
        };
        let until = if theme == Theme::Campaign { 1.0 } else { who.end };
        let mut at = scene.time(dice, from, until);
        let length = match theme {
            Theme::Campaign => response(dice, who),
            Theme::Public => dice.random_range(1..4),
            Theme::Asking => 1,
            _ => {
                // Those in talks have been here lately.
                if who.talks.is_some() && chance(dice, 0.5) {
                    at = scene.time(dice, 0.93, 1.0);
                }
                dice.random_range(1..8)
            }
        };
        goes_on = plan((at, theme, length));
    }
    sessions
}

/// How far a customer goes with a message: sent, opened, clicked, bought.
fn response(dice: &mut Dice, who: &Character) -> u32 {
    let interest = (0.25 + 0.12 * who.mood + 0.15 * who.energy.min(2.0)).clamp(0.02, 0.9);
    let mut steps = 1;
    while steps < CAMPAIGN.len() as u32 && chance(dice, interest) {
        steps += 1;
    }
    steps
}

/// Writes sessions one after the other.
struct Writer<'a, 'b> {
    scene: &'a Scene<'a>,
    who: &'a Character,
    taste: Taste,
    channel: &'static str,
    next: u64,
    /// The number of the running session's first event.
    session: u64,
    cells: &'b mut dyn Cells,
}

impl Writer<'_, '_> {
    /// Writes a session's events, as far as there is room before the event number `end`.
    fn session(&mut self, dice: &mut Dice, (at, theme, length): Session, end: u64) {
        self.session = self.next;
        let gap = dice.random_range(20..150);
        let begin = if theme == Theme::Buying { at.saturating_sub(gap * (length - 1)) } else { at };
        let mut item = self.item(dice);
        for nth in 0..length {
            if self.next == end {
                return;
            }
            let n = nth as usize;
            let kind = match theme {
                Theme::SignUp => "signup",
                Theme::Buying => BUYING[n],
                Theme::Campaign => CAMPAIGN[n],
                Theme::Public => pick(dice, &PUBLIC),
                Theme::Asking => pick(dice, &ASKING),
                Theme::Bounce => "bounce",
                Theme::Leaving => "unsubscribe",
                Theme::Browsing => match (n, dice.random_range(0..100)) {
                    (0, _) => "visit",
                    (_, 0..14) => "cart",
                    (_, 14..17) => "remove_from_cart",
                    (_, 17..20) => "checkout",
                    _ => pick(dice, &BROWSING),
                },
            };
            if kind == "view" && theme == Theme::Browsing {
                item = self.item(dice);
            }
            let now = match theme {
                Theme::Buying if nth + 1 == length => at,
                // Messages are read hours later, and bounce week after week.
                Theme::Campaign => begin + nth * gap * 40,
                Theme::Bounce => begin + nth * 7 * 86_400,
                _ => begin + nth * gap,
            };
            self.event(now.min(END - 1), kind, theme, item);
        }
    }

    /// A category and a product in it.
    fn item(&self, dice: &mut Dice) -> (usize, usize) {
        let favourite = chance(dice, 0.5);
        let category = if favourite { self.taste.category } else { popular(dice, words::CATEGORIES.len()) };
        (category, popular(dice, PRODUCTS_A_CATEGORY))
    }

    fn event(&mut self, at: u32, kind: &str, theme: Theme, (category, product): (usize, usize)) {
        let cells = &mut *self.cells;
        cells.id('E', self.next);
        cells.id('C', shown(self.who.customer));
        cells.time(at);
        cells.text(kind);
        let is_about_goods = match theme {
            Theme::Browsing | Theme::Buying => !matches!(kind, "visit" | "login"),
            Theme::Public => matches!(kind, "review" | "share"),
            _ => false,
        };
        let (item, price) = self.scene.product(category, product);
        if is_about_goods {
            optional(cells, (kind != "search").then_some(item));
            cells.text(words::CATEGORIES[category]);
        } else {
            cells.none();
            cells.none();
        }
        let is_message = matches!(theme, Theme::Campaign | Theme::Bounce | Theme::Leaving);
        cells.text(if is_message { "email" } else { self.channel });
        if is_about_goods && matches!(kind, "cart" | "remove_from_cart" | "checkout" | "purchase") {
            cells.money(price);
        } else {
            cells.none();
        }
        if is_message {
            cells.none();
            let quarter = (at / (END / CAMPAIGNS.len() as u32)) as usize;
            cells.text(CAMPAIGNS[quarter.min(CAMPAIGNS.len() - 1)]);
        } else {
            cells.id('S', self.session);
            cells.none();
        }
        cells.end_row();
        self.next += 1;
    }
}
