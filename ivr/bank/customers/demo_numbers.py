"""The numbers of the demonstration, as the telephone page of the embedded exchange offers them."""


def _demo(
    number: str, name: str, identity: str, query: str, transaction: str, cards: tuple[str, ...], more: str, more_en: str
) -> tuple[str, str, str, str]:
    """A number of the demonstration as the telephone page offers it: whose it is and what to key, in both languages."""
    listed = "\n".join(cards)
    zh = f"卡号 {listed}\n身份证 {identity}\n查询密码 {query}，交易密码 {transaction}\n{more}"
    passwords = f"inquiry password {query}, transaction password {transaction}"
    en = f"card {listed}\nidentity card {identity}\n{passwords}\n{more_en}"
    return number, name, zh.strip(), en.strip()


DEMO_NUMBERS = (
    _demo(
        "+8613800138000", "王芳", "110101199003074215", "739164", "285907",
        ("6222021001122334458 (¥52,380.66)", "6222021001987654321 (¥8,000.00)"),
        "缴费户号：电费 3100458812，水费 12000786\n可转账给：李强，本人账户",
        "bills: electricity 3100458812, water 12000786\npayees: 李强, her own account",
    ),
    _demo(
        "+8613912345678", "李强", "310115198512123047", "582047", "916358", ("6222023101002003005 (¥1,250.00)",),
        "", "",
    ),
    _demo(
        "+8615012340001", "陈静", "44030619781126501X", "846213", "370582", ("6225880102030405068 (¥300,000.00)",),
        "可转账给：王芳", "payee: 王芳",
    ),
    _demo(
        "+8618610010002", "张伟", "330102199508150620", "705938", "461207", ("6217001234567890122",),
        "该卡已被银行冻结", "the card is frozen by the bank",
    ),
)  # fmt: skip
