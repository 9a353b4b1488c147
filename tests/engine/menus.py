"""Two menus for tests of speech: a bank's in Mandarin, and a bank's in English."""

MENU = {
    "1": ("查询余额", "余额", "账户查询", "查余额"),
    "2": ("缴费", "生活缴费", "交电费"),
    "3": ("转账", "汇款"),
    "4": ("挂失", "口头挂失", "卡丢了"),
    "5": ("修改密码", "改密码"),
    "6": ("还款", "信用卡还款"),
    "7": ("余额明细", "交易明细"),
    "8": (),
    "0": ("人工", "人工服务", "转人工"),
    "star": ("返回", "上一级"),
}

OPTIONS = {
    "1": ("balance", "account balance", "check my balance"),
    "2": ("pay bills", "bill payment"),
    "3": ("transfer", "transfer money"),
    "4": ("lost card", "report a lost card"),
    "5": ("change password", "password"),
    "0": ("agent", "operator", "speak to someone"),
    "star": ("go back", "previous menu"),
}
