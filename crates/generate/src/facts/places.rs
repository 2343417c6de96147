//! Where customers live, and what they are.

/// A city: country, province, city, the beginning of its postcodes, the prefix of its phone numbers.
pub type City = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// Those that come up first come up most.
pub const PLACES: [City; 24] = [
    ("United Kingdom", "London", "London", "SW1A", "+44770090"),
    ("China", "Shanghai", "Shanghai", "2000", "+861380013"),
    ("United Kingdom", "South East", "Brighton", "BN1", "+44770090"),
    ("United Kingdom", "North West", "Manchester", "M1", "+44770090"),
    ("China", "Zhejiang", "Hangzhou", "3100", "+861390013"),
    ("United Kingdom", "Yorkshire", "Leeds", "LS1", "+44770090"),
    ("Germany", "Berlin", "Berlin", "101", "+491511234"),
    ("United Kingdom", "West Midlands", "Birmingham", "B1", "+44770090"),
    ("China", "Beijing", "Beijing", "1000", "+861360013"),
    ("United Kingdom", "South West", "Bristol", "BS1", "+44770090"),
    ("France", "Ile-de-France", "Paris", "750", "+3361200"),
    ("United Kingdom", "Scotland", "Glasgow", "G1", "+44770090"),
    ("China", "Guangdong", "Shenzhen", "5180", "+861350013"),
    ("United Kingdom", "East of England", "Cambridge", "CB1", "+44770090"),
    ("United Kingdom", "Wales", "Cardiff", "CF10", "+44770090"),
    ("Netherlands", "Noord-Holland", "Amsterdam", "10", "+3161200"),
    ("China", "Sichuan", "Chengdu", "6100", "+861370013"),
    ("United Kingdom", "Northern Ireland", "Belfast", "BT1", "+44770090"),
    ("United Kingdom", "Scotland", "Edinburgh", "EH1", "+44770090"),
    ("Spain", "Madrid", "Madrid", "280", "+3461200"),
    ("United Kingdom", "Yorkshire", "York", "YO1", "+44770090"),
    ("United States", "New York", "New York", "100", "+1212555"),
    ("United Kingdom", "South West", "Exeter", "EX1", "+44770090"),
    ("Japan", "Tokyo", "Tokyo", "100", "+81901001"),
];

/// How people order and pay, in the places of [`words::CHANNELS`] and [`words::PAYMENTS`].
///
/// [`words::CHANNELS`]: super::super::words::CHANNELS
/// [`words::PAYMENTS`]: super::super::words::PAYMENTS
pub struct Market {
    pub channels: [&'static str; 5],
    pub payments: [&'static str; 5],
}

/// The market of a country.
pub fn market(country: &str) -> &'static Market {
    match country {
        "China" => &CHINA,
        "United Kingdom" => &BRITAIN,
        _ => &ELSEWHERE,
    }
}

const CHINA: Market = Market {
    channels: ["mini program", "app", "store", "taobao", "weibo"],
    payments: ["wechat pay", "alipay", "card", "cash on delivery", "instalments"],
};
const BRITAIN: Market = Market {
    channels: ["web", "app", "store", "marketplace", "phone"],
    payments: ["card", "paypal", "bank transfer", "cash", "gift card"],
};
const ELSEWHERE: Market = Market {
    channels: ["web", "store", "instagram", "amazon", "fair"],
    payments: ["paypal", "card", "klarna", "bank transfer", "cash on delivery"],
};

pub const OCCUPATIONS: [&str; 16] = [
    "engineer",
    "teacher",
    "office worker",
    "clerk",
    "nurse",
    "manager",
    "business owner",
    "driver",
    "worker",
    "civil servant",
    "freelancer",
    "shopkeeper",
    "student",
    "retired",
    "homemaker",
    "beekeeper",
];

pub const INTERESTS: [&str; 10] = [
    "family; cooking",
    "sports; running",
    "travel",
    "food; wine",
    "technology; games",
    "fashion; beauty",
    "reading; music",
    "gardening; pets",
    "chess",
    "hiking; films",
];

pub const INDUSTRIES: [&str; 8] =
    ["retail", "hospitality", "construction", "education", "health", "software", "logistics", "agriculture"];

pub const TRADES: [&str; 8] =
    ["Interiors", "Catering", "Hotels", "Builders", "Logistics", "Schools", "Clinics", "Foods"];

pub const SOURCES: [&str; 12] = [
    "search",
    "advert",
    "social",
    "store",
    "newsletter",
    "referral",
    "recommendation",
    "staff",
    "neighbour",
    "walk-in",
    "fair",
    "enquiry",
];

pub const LEAD_STATUSES: [&str; 7] =
    ["new", "contacted", "contacted", "qualified", "nurturing", "customer", "no chance"];
