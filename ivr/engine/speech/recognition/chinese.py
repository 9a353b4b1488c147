"""Mandarin: options are matched by toneless pinyin, since a recogniser writes homophones (茶寻鱼鹅 for 查询余额)."""

import re
from collections.abc import Callable
from functools import lru_cache

from ivr.engine.speech.languages import split_words
from ivr.engine.speech.recognition.chinese_answers import answer, bare
from ivr.engine.speech.recognition.pinyin import loosely, pattern, reading, syllables
from ivr.engine.speech.recognition.rules import RECOGNITION_RULES, Fit, Fitter, RecognitionRules

_SIMPLE = str.maketrans(
    "別沒對錯確認個號鍵選擇撥兩貳叁陸幫給這們請還麼嗎關問題轉賬帳帐繳費掛謝繼續電辦0123456789幺",
    "别没对错确认个号键选择拨两贰叁陆帮给这们请还么吗关问题转账账账缴费挂谢继续电办零一二三四五六七八九一",
)
# Fillers inside a phrase: 查一下我的余额 is 查余额.
_SOFT = re.compile("一下子?|我的|您的|你的|那个|这个|[的嗯呃啊哦哎]")
_REFUSED = re.compile(
    "(?:(?<!要)不|不(?=要)|别|没|甭|勿)(?:是|要|想|用|需要|必|再|去|办理?|做|查询?|申请|说|按|选|点|转|找|叫|我|给我|帮我)*$"
)
_REACH = 12  # a refusal applies to a word within this many characters
# Undoing an action does not choose it: 取消挂失, 转账撤销, and a card that was found (but not 没找到).
_UNDO = "取消|撤[销消回]|解除|解挂|停止|终止|恢复|(?<![没未不])找[到回着]"
_UNDONE = re.compile(f"(?:{_UNDO})(?:(?!然后|改|再|还是).)*$")
_GONE = re.compile("(?:的|我|又|也|已经?|现在|后来|刚才?|卡)*(?:找[到回着]|取消|撤[销消回])")
_INSTEAD = re.compile("(?<![是说])我(?:要|想|需要|得)")  # 不我要人工: what was refused before is over
_DECLINED = re.compile(
    "(?:我|就|先|也)*(?:不要|不用|不想|不需要|不办|不查|不做|不转|算了|取消)[办查做转理询要]*[了啦]?$"
)

_KEYS = {
    **{
        char: str(number)
        for number, group in enumerate(split_words("零〇洞 一幺壹 二两贰 三叁 四肆 五伍 六陆 七柒拐 八捌 九玖"))
        for char in group
    },
    **dict.fromkeys(("星", "米字", "*"), "star"),
    **dict.fromkeys(("井", "井字", "#"), "hash"),
}
_FRAME = re.compile("我|要|想|就|请|按下?|选择?|拨|第|数字|[号键个项吧了呀谢那嗯的]")
_CHOOSE = frozenset({"an", "xuan"})
_SOUNDS = dict(zip(split_words("ling yi yao er liang san si wu liu qi ba jiu"), "011223456789", strict=True))

_BY_EAR = 3  # labels of at least this many characters may match by sound alone

EXACT, HOMOPHONE, LOOSE = 3, 2, 1


def _clauses(text: str) -> list[str]:
    """The text in simplified characters, split at its punctuation."""
    return "".join(char if char.isalnum() or char in "*#" else " " for char in text.translate(_SIMPLE)).split()


def _plain(text: str) -> str:
    return _SOFT.sub("", text) or text


def fitter(text: str) -> Fitter:
    """The matcher of words in this text: anywhere in it, across punctuation, but not where the word is refused."""
    clauses = [_plain(clause) for clause in _clauses(text)]
    whole = "".join(clauses)
    ends, length = set(), 0
    for clause in clauses:
        length += len(clause)
        ends.add(length)
    said = syllables(whole)
    sounds, loose = f" {' '.join(said)} ", f" {' '.join(map(loosely, said))} "

    def refused(start: int, end: int) -> bool:
        before = max((e for e in ends if e <= start), default=0)
        before = max(before, start - _REACH, *(each.start() for each in _INSTEAD.finditer(whole, before, start)))
        after = min((e for e in ends if e >= end), default=length)
        undone = _UNDONE.search(whole, before, start) or _GONE.match(whole, end)
        return bool(undone or _REFUSED.search(whole, before, start) or _DECLINED.match(whole, end, after))

    def fit(word: str) -> Fit | None:
        chars, exact, suggestion = _word(word)
        best: Fit | None = None
        for found in suggestion.finditer(loose):
            start = loose.count(" ", 0, found.start())
            end = start + len(chars)
            rank = _rank(whole[start:end] == chars, exact(sounds, start))
            # a single matching sound in a sentence is not enough
            enough = len(chars) > 1 or length == 1 or rank == EXACT
            if enough and (best is None or rank > best[1]) and not refused(start, end):
                best = (len(chars), rank)
        return best

    return fit


def _rank(same: bool, sounds_same: bool) -> int:
    return EXACT if same else HOMOPHONE if sounds_same else LOOSE


Sounds = Callable[[str, int], bool]


@lru_cache(4096)
def _word(word: str) -> tuple[str, Sounds, re.Pattern[str]]:
    """An option's word: its characters, a test whether it sounds at a syllable of a text, and a pattern for similar
    sounds.
    """
    chars = _plain("".join(_clauses(word)))
    readings = [reading(char) for char in chars]
    exact = pattern(readings)
    suggestion = pattern([tuple(dict.fromkeys(map(loosely, each))) for each in readings])

    def sounds_at(sounds: str, start: int) -> bool:
        position = -1
        for _ in range(start + 1):
            position = sounds.index(" ", position + 1)
        return exact.match(sounds, position) is not None

    return chars, sounds_at, suggestion


def key(text: str) -> str | None:
    """The key that the whole text names: 三, 按三, 第三个, 3号键, 星号键; by sound only after 按 or 选."""
    whole = "".join(_clauses(text))
    named = _KEYS.get(_FRAME.sub("", whole))
    if named is not None or len(whole) != 2:
        return named
    verb, digit = syllables(whole)
    return _SOUNDS.get(digit) if verb in _CHOOSE else None


def states(text: str, label: str) -> bool:
    """True where the text is the label, apart from courtesy; a long label also by sound (确认交费, 确认缴费)."""
    chars = "".join(_clauses(label))
    said = bare("".join(_clauses(text)), chars) if chars else None
    if said is None:
        return False
    return said == chars or (len(chars) >= _BY_EAR and syllables(said) == syllables(chars))


RECOGNITION_RULES.register("zh-CN", RecognitionRules(fitter, key, lambda text: answer("".join(_clauses(text))), states))
