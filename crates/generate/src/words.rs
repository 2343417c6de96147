//! The words of a synthetic shop.

pub const CATEGORIES: [&str; 24] = [
    "Kitchen",
    "Bedding",
    "Garden",
    "Lighting",
    "Toys",
    "Books",
    "Stationery",
    "Candles",
    "Bags",
    "Jewellery",
    "Bathroom",
    "Crafts",
    "Tea and coffee",
    "Pets",
    "Sports",
    "Shoes",
    "Coats",
    "Shirts",
    "Knitwear",
    "Baby",
    "Phones",
    "Audio",
    "Furniture",
    "Carpets",
];

pub const CHANNELS: [&str; 5] = ["web", "app", "store", "marketplace", "phone"];

pub const PAYMENTS: [&str; 5] = ["card", "wallet", "bank transfer", "cash", "gift card"];

pub const SOURCES: [&str; 6] = ["search", "recommendation", "advert", "social", "store", "newsletter"];

/// Regions and their cities.
pub const REGIONS: [(&str, [&str; 3]); 10] = [
    ("London", ["London", "Croydon", "Harrow"]),
    ("South East", ["Brighton", "Oxford", "Southampton"]),
    ("North West", ["Manchester", "Liverpool", "Preston"]),
    ("Yorkshire", ["Leeds", "Sheffield", "York"]),
    ("West Midlands", ["Birmingham", "Coventry", "Stoke-on-Trent"]),
    ("South West", ["Bristol", "Plymouth", "Exeter"]),
    ("Scotland", ["Glasgow", "Edinburgh", "Aberdeen"]),
    ("East of England", ["Norwich", "Cambridge", "Ipswich"]),
    ("Wales", ["Cardiff", "Swansea", "Newport"]),
    ("Northern Ireland", ["Belfast", "Derry", "Lisburn"]),
];

pub const FIRST_NAMES: [&str; 24] = [
    "Amelia", "Oliver", "Isla", "George", "Ava", "Noah", "Mia", "Arthur", "Ivy", "Harry", "Lily", "Leo",
    "Grace", "Jack", "Freya", "Oscar", "Ella", "Theo", "Florence", "Henry", "Willow", "Jacob", "Elsie",
    "Ali",
];

pub const LAST_NAMES: [&str; 24] = [
    "Smith", "Jones", "Taylor", "Brown", "Williams", "Wilson", "Johnson", "Davies", "Patel", "Robinson",
    "Wright", "Thompson", "Evans", "Walker", "White", "Roberts", "Green", "Hall", "Wood", "Jackson",
    "Clarke", "Khan", "Lewis", "Harris",
];
