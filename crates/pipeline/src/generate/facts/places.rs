//! Where customers live, and what they are.

/// A city: country, province, city, the beginning of its postcodes, the prefix of its phone numbers.
pub type Place = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// Those that come up first come up most.
pub const PLACES: [Place; 24] = [
    ("United Kingdom", "London", "London", "SW1A", "+44770090"),
    ("China", "Shanghai", "Shanghai", "2000", "+86138001"),
    ("United Kingdom", "South East", "Brighton", "BN1", "+44770090"),
    ("United Kingdom", "North West", "Manchester", "M1", "+44770090"),
    ("China", "Zhejiang", "Hangzhou", "3100", "+86139001"),
    ("United Kingdom", "Yorkshire", "Leeds", "LS1", "+44770090"),
    ("Germany", "Berlin", "Berlin", "101", "+49151001"),
    ("United Kingdom", "West Midlands", "Birmingham", "B1", "+44770090"),
    ("China", "Beijing", "Beijing", "1000", "+86136001"),
    ("United Kingdom", "South West", "Bristol", "BS1", "+44770090"),
    ("France", "Ile-de-France", "Paris", "750", "+33612001"),
    ("United Kingdom", "Scotland", "Glasgow", "G1", "+44770090"),
    ("China", "Guangdong", "Shenzhen", "5180", "+86135001"),
    ("United Kingdom", "East of England", "Cambridge", "CB1", "+44770090"),
    ("United Kingdom", "Wales", "Cardiff", "CF10", "+44770090"),
    ("Netherlands", "Noord-Holland", "Amsterdam", "10", "+31612001"),
    ("China", "Sichuan", "Chengdu", "6100", "+86137001"),
    ("United Kingdom", "Northern Ireland", "Belfast", "BT1", "+44770090"),
    ("United Kingdom", "Scotland", "Edinburgh", "EH1", "+44770090"),
    ("Spain", "Madrid", "Madrid", "280", "+34612001"),
    ("United Kingdom", "Yorkshire", "York", "YO1", "+44770090"),
    ("United States", "New York", "New York", "100", "+12125550"),
    ("United Kingdom", "South West", "Exeter", "EX1", "+44770090"),
    ("Japan", "Tokyo", "Tokyo", "100", "+81901001"),
];

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
