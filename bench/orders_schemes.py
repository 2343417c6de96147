"""What the two peers' scripts share: the words and codes of the schemes, from the definitions in words."""

DAYPARTS = ["afternoon", "evening", "morning", "night"]
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
# Days, suffix, the first day back.
WINDOWS = [(days, f"{days}d{suffix}", start)
           for days in (30, 90, 180, 365) for suffix, start in (("", 0), ("_prior_year", 365))]
ELEVEN = {
    "champions": "555 554 544 545 454 455 445",
    "loyal": "543 444 435 355 354 345 344 335",
    "potential_loyalist": "553 551 552 541 542 533 532 531 452 451 442 441 431 453 433 432 423 353 352 351 342 341 333 323",
    "new": "512 511 422 421 412 411 311",
    "promising": "525 524 523 522 521 515 514 513 425 424 413 414 415 315 314 313",
    "need_attention": "535 534 443 434 343 334 325 324",
    "about_to_sleep": "331 321 312 221 213 231 241 251",
    "at_risk": "255 254 245 244 253 252 243 242 235 234 225 224 153 152 145 143 142 135 134 133 125 124",
    "cannot_lose": "155 154 144 214 215 115 114 113",
    "hibernating": "332 322 233 232 223 222 132 123 122 212 211",
    "lost": "111 112 121 131 141 151",
}
SIX = {
    "champions": "333 332 323", "loyal": "321 322 331 232 233", "recent": "312 313 311 222 223",
    "needs_attention": "213 221 123 132 133", "at_risk": "231 212 122 131 211", "inactive": "111 112 113 121",
}
# The words among the schemes' that the generated orders can hold, and their like.
CHANNELS = {
    "online_store": ["web", "website", "online", "online store", "online_store", "webshop", "checkout", "desktop", "pc"],
    "app": ["app", "mobile", "mobile app", "mobile_app", "iphone", "ipad", "ios", "android", "shop app"],
    "mini_program": ["wechat", "weixin", "mini program", "mini-program", "miniprogram", "mini_program", "live"],
    "store": ["store", "shop", "retail", "retail store", "pos", "point of sale", "offline", "in store", "in-store"],
    "phone": ["phone", "telephone", "call", "call center", "call centre", "sales", "fax", "draft order", "admin"],
    "marketplace": ["marketplace", "amazon", "ebay", "etsy", "taobao", "tmall", "jd", "douyin", "tiktok"],
    "social": ["social", "facebook", "instagram", "pinterest", "youtube", "whatsapp", "line", "weibo"],
}
PAYMENTS = {
    "alipay": ["alipay", "ali pay", "zhifubao"],
    "wechat_pay": ["wechat", "wechat pay", "wechatpay", "weixin", "weixin pay", "wxpay", "tenpay"],
    "card": ["card", "credit card", "credit_card", "debit card", "debit_card", "visa", "mastercard", "stripe",
             "apple pay", "google pay", "shop pay"],
    "bank_transfer": ["bank transfer", "bank_transfer", "bacs", "wire", "sepa", "direct debit", "invoice", "cheque"],
    "paypal": ["paypal", "pay pal"],
    "pay_later": ["klarna", "afterpay", "clearpay", "affirm", "pay later", "installment", "instalment", "instalments"],
    "cash_on_delivery": ["cod", "cash on delivery", "cash_on_delivery"],
    "cash": ["cash"],
}
