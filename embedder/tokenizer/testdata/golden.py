"""Writes the golden files of this folder with the reference library.

    python3 -m venv venv && venv/bin/pip install tokenizers==0.23.3
    go run ./embedder/tokenizer/testdata/spec > spec.json
    venv/bin/python embedder/tokenizer/testdata/golden.py spec.json

Each file <name>.json holds a small tokenizer that was trained here on the
sentences below, {"tokenizer": …}, and what the reference makes of the texts:
{"cases": [{"text", "ids", "special"}]} (special: with the special tokens).
spec.json is the normalizer and pre-tokenizer of the built-in models, which
the reference must apply as the Go code does.
"""

import json
import pathlib
import random
import struct
import sys

from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

HERE = pathlib.Path(__file__).parent

ENGLISH = """
The ministers signed a plan for cooperation on reducing poverty in rural areas.
Farmers learned to grow more wheat with less water, and their children went to school.
A delegation visited the new railway station on 14 March 2023 and praised its engineers.
Trade between the two ports grew by 12.5% in a year; exports of dates doubled.
"We don't have time to wait," she said. "It's now or never, isn't it?"
The museum shows pottery, carpets and manuscripts from the ninth century.
Solar panels in the desert power 300,000 homes, the company's engineers say.
Students of medicine from many countries study together at the university.
The river flooded twice, so the city built higher walls along its banks.
Doctors warned that the disease could return unless vaccination continues.
He wrote to the café's owner about the naïve résumé of a São Paulo artist.
An open letter asked governments to protect forests, rivers and seas.
The bank lends small sums to women who start workshops at home.
Cheap phones changed how fishermen sell their catch before reaching the shore.
""".strip().split("\n")

ARABIC = """
وقّع الوزراء خطة للتعاون من أجل الحد من الفقر في المناطق الريفية.
تعلّم المزارعون زراعة قمح أكثر بماء أقل، وذهب أطفالهم إلى المدرسة.
زار وفد محطة القطار الجديدة في ١٤ مارس ٢٠٢٣ وأثنى على مهندسيها.
نمت التجارة بين المينائين بنسبة ١٢٫٥٪ خلال عام؛ وتضاعفت صادرات التمور.
قالت: «ليس لدينا وقت للانتظار، إما الآن وإما أبداً، أليس كذلك؟»
يعرض المتحف فخّاراً وسجاداً ومخطوطات من القرن التاسع.
تزوّد الألواح الشمسية في الصحراء 300,000 منزل بالكهرباء كما يقول المهندسون.
يدرس طلاب الطب من بلدان كثيرة معاً في الجامعة.
فاض النهر مرتين فبنت المدينة جدراناً أعلى على ضفّتيه.
حذّر الأطباء من عودة المرض ما لم يستمر التطعيم.
كتب إلى صاحب المقهى عن فنان من ساو باولو.
طالبت رسالة مفتوحة الحكومات بحماية الغابات والأنهار والبحار.
يقرض المصرف مبالغ صغيرة لنساء يفتحن ورشات في بيوتهن.
غيّرت الهواتف الرخيصة طريقة بيع الصيادين لصيدهم قبل بلوغ الشاطئ.
إِنَّ التَّعَاوُنَ بَيْنَ الشُّعُوبِ أَسَاسُ السَّلَامِ.
""".strip().split("\n")

ODD = [
    "",
    " ",
    "   ",
    "\n\t \r\n",
    "a",
    " a",
    "a ",
    "  two  spaces  ",
    "Hello, world! It's 5 o'clock; they'll say we've won, I'd think you're 'sure'm.",
    "UPPER lower MiXeD ÉCOLE Straße İstanbul ΣΊΣΥΦΟΣ",
    "e\u0301cole cafe\u0301 n\u0303 \u0627\u0653 \u0648\u0654 \u064a\u0654",  # NFD
    "\ufb01ne \u2460 \u00bd \uff21\uff22\uff23 \u3392 \u212b \ufdfa \ufefb \ufee3\ufeb4\ufe97\ufeb8\ufed4\ufef0",  # compatibility
    "مُسْتَشْفَىً كـــتـاب ٱلرَّحْمَٰنِ ۖ ﴿القرآن﴾ ٠١٢٣٤٥٦٧٨٩ ۰۱۲۳ کتاب یک",
    "Dalil (دليل) means \u202bدليل\u202c and \u200fevidence\u200e in 2024.",
    "zero\u200bwidth\u200cnon\u200djoin\ufeffbom\u2060wj",
    "controls \x01\x02\x0b\x0c\x1f\x7f\x85\u2028\u2029 end",
    "emoji 😀👍🏽👩\u200d👩\u200d👧 🇸🇦 ❤\ufe0f ok",
    "日本語のテキスト 中文字符 한국어 ภาษาไทย हिन्दी क्षि",
    "nbsp\u00a0thin\u2009ideographic\u3000space",
    "a\u0300\u0301\u0302\u0303b\u064b\u064c\u064d",
    "▁ metaspace ▁▁ in text▁",
    "<unk> [UNK] [CLS] text[SEP] <s></s> [MASK] <mask> XMASKX MASK newword newwords Ünder",
    "[cls] new  word   [MASK]   after",
    "<0x41> <0xD8> x_y-z (a)[b]{c} a/b\\c $5 €6 £7 100% #tag @name http://example.com/a?b=c&d=1",
    "1234567890 12 3a4 ٣٫٥ 3.5 ½ Ⅷ ²",
    "xqzjv kwyjibo ϡϠ ␀ \ue000 \U0010fffd",
    "word" * 60,
    "كلمة" * 60,
    "a" * 101 + " " + "b" * 100,
    "tabs\tand\nnewlines\r\nand  \n  mixed \t spaces\n\n\nend",
    "trailing newline\n",
    "د. أحمد، أ.د. سعاد ص. ب. 12",
    "don\u2019t \u201cquote\u201d \u00abguillemets\u00bb \u2013 \u2014 \u2026",
    "\u0000null",
    "\u0378 \u0600\u0661 \u06dd12 \u00a9\u200d \u00ad soft\u00adhyphen",
    "\r\n\r\n a\r\nb",
]


def texts():
    random.seed(7)
    mixed = [f"{e.split('.')[0]} {a}" for e, a in zip(ENGLISH, ARABIC)][:6]
    alphabet = "abcdefgh ABC  .,'0123اأإبتثةىيكلمنوَُِّـ،؟٣\u200b\u0301é▁😀\n[]<>s/"
    noise = ["".join(random.choice(alphabet) for _ in range(random.randint(1, 60))) for _ in range(24)]
    return ODD + ENGLISH[:8] + ARABIC[:9] + mixed + noise


SPECIAL = ["[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def word_piece():
    t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer()
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.train_from_iterator(ENGLISH + ARABIC, trainers.WordPieceTrainer(vocab_size=420, special_tokens=SPECIAL, show_progress=False))
    t.add_special_tokens([AddedToken("[MASK]", lstrip=True, rstrip=True, special=True)])
    t.add_tokens(["newword", AddedToken("MASK", single_word=True, normalized=False), AddedToken("Ünder", normalized=True)])
    cls, sep = t.token_to_id("[CLS]"), t.token_to_id("[SEP]")
    t.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", cls), ("[SEP]", sep)])
    return t


def word_piece_cased():
    t = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=20))
    t.normalizer = normalizers.BertNormalizer(lowercase=False, strip_accents=True, handle_chinese_chars=False, clean_text=False)
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), pre_tokenizers.Digits(individual_digits=True)])
    t.train_from_iterator(ENGLISH + ARABIC, trainers.WordPieceTrainer(vocab_size=400, special_tokens=SPECIAL, show_progress=False))
    t.post_processor = processors.BertProcessing(("[SEP]", t.token_to_id("[SEP]")), ("[CLS]", t.token_to_id("[CLS]")))
    return t


def bpe_plain():
    t = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, continuing_subword_prefix="@@", end_of_word_suffix="</w>"))
    t.normalizer = normalizers.Sequence([normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase()])
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation("merged_with_previous"), pre_tokenizers.Digits()])
    t.train_from_iterator(ENGLISH + ARABIC, trainers.BpeTrainer(
        vocab_size=420, special_tokens=["<unk>"], continuing_subword_prefix="@@", end_of_word_suffix="</w>", show_progress=False))
    return t


def bpe_bytes():
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    t.train_from_iterator(ENGLISH + ARABIC, trainers.BpeTrainer(
        vocab_size=460, special_tokens=["<s>", "</s>", "<mask>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    t.post_processor = processors.RobertaProcessing(("</s>", 1), ("<s>", 0))
    return t


def bpe_bytes_split():
    """Llama 3's and Qwen's way."""
    pattern = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
    t = Tokenizer(models.BPE(ignore_merges=True))
    t.normalizer = normalizers.NFC()
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(pattern), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    t.train_from_iterator(ENGLISH + ARABIC, trainers.BpeTrainer(
        vocab_size=460, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    return t


def bpe_fallback():
    """Llama 2's and Gemma's way: spaces as letters, bytes for the unknown."""
    t = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    t.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    bytes_ = [f"<0x{b:02X}>" for b in range(256)]
    t.train_from_iterator(ENGLISH + ARABIC, trainers.BpeTrainer(
        vocab_size=640, special_tokens=["<unk>", "<s>", "</s>"] + bytes_, max_token_length=12, show_progress=False))
    return t


def unigram_builtin(spec):
    """The layout of the built-in models."""
    t = Tokenizer(models.Unigram())
    front = json.loads(t.to_str()) | {"normalizer": spec["normalizer"], "pre_tokenizer": spec["pre_tokenizer"]}
    t = Tokenizer.from_str(json.dumps(front))
    t.train_from_iterator(ENGLISH + ARABIC, trainers.UnigramTrainer(vocab_size=400, unk_token="<unk>", special_tokens=["<unk>"], show_progress=False))
    j = json.loads(t.to_str()) | {"added_tokens": []}
    return Tokenizer.from_str(json.dumps(j))


def charsmap(rules):
    """Compiles SentencePiece's table: a Darts-clone array, then the texts."""
    texts, offsets = b"", {}
    for source, target in sorted(rules.items()):
        offsets[source.encode()] = len(texts)
        texts += target.encode() + b"\0"
    tree = {}
    for key, offset in offsets.items():
        node = tree
        for b in key:
            node = node.setdefault(b, {})
        node[0] = offset
    units, used = {0: 0}, {0}

    def place(node, at):
        offset = 1
        while any((at ^ offset ^ b) in used for b in node) or (offset >= 1 << 21):
            offset += 1
        base = at ^ offset
        units[at] = units.get(at, 0) | offset << 10 | (1 << 8 if 0 in node else 0)
        for b in node:
            used.add(base ^ b)
        for b, child in node.items():
            if b == 0:
                units[base] = child | 1 << 31
            else:
                units[base ^ b] = b
                place(child, base ^ b)

    place(tree, 0)
    size = (max(units) // 256 + 1) * 256
    array = b"".join(struct.pack("<I", units.get(i, 0)) for i in range(size))
    return struct.pack("<I", len(array)) + array + texts


def unigram_charsmap():
    """XLM-RoBERTa's way, with a small table of rules."""
    rules = {"\t": " ", "\n": " ", "\r": " ", "\u00a0": " ", "\u200b": "", "\u200f": "", "\ufb01": "fi", "½": "1⁄2", "①": "1",
             "é": "E2", "e\u0301": "é", "\u0627\u0653": "آ", "a\u0300": "à", "ﻻ": "لا", "ﷺ": "صلى الله", "A": "a", "B": "b", "©": "(c)", "\u0600": "#", "Ｃ": "C"}
    t = Tokenizer(models.Unigram())
    t.normalizer = normalizers.Sequence([
        normalizers.Precompiled(charsmap(rules)), normalizers.Strip(left=False, right=True), normalizers.Replace(Regex(" {2,}"), "▁")])
    t.pre_tokenizer = pre_tokenizers.Metaspace()
    t.train_from_iterator(ENGLISH + ARABIC, trainers.UnigramTrainer(
        vocab_size=400, unk_token="<unk>", special_tokens=["<s>", "<pad>", "</s>", "<unk>"], show_progress=False))
    t.add_special_tokens([AddedToken("<mask>", lstrip=True, special=True, normalized=False)])
    t.post_processor = processors.TemplateProcessing(single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    return t


def unigram_bytes():
    """T5's and Gemma's kin: byte fallback, the mark only at the beginning."""
    t = Tokenizer(models.Unigram())
    t.normalizer = normalizers.Nmt()
    t.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    t.train_from_iterator(ENGLISH + ARABIC, trainers.UnigramTrainer(vocab_size=300, unk_token="<unk>", special_tokens=["<unk>"], show_progress=False))
    j = json.loads(t.to_str())
    j["model"]["byte_fallback"] = True
    j["model"]["vocab"] += [[f"<0x{b:02X}>", -30.0] for b in range(256) if b != 0xE6]  # one is missing
    t = Tokenizer.from_str(json.dumps(j))
    t.add_tokens([AddedToken("newword", normalized=False)])
    return t


def splits():
    """Pre-tokenizers and normalizers that no model above has."""
    t = Tokenizer(models.WordLevel(unk_token="?"))
    t.normalizer = normalizers.Sequence([
        normalizers.NFKD(), normalizers.Strip(), normalizers.Replace(Regex(r"[\d]+"), "0"), normalizers.Replace("ou", "oo"), normalizers.Replace("b", "")])
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split("the", "merged_with_next"),
        pre_tokenizers.CharDelimiterSplit("-"),
        pre_tokenizers.Split(Regex(r"\s+"), "removed"),
        pre_tokenizers.Split(Regex(r"[aeiou\u0627]+"), "merged_with_previous"),
        pre_tokenizers.Split(Regex(r"[\w]+"), "contiguous", invert=True),
        pre_tokenizers.FixedLength(length=3),
        pre_tokenizers.Metaspace(replacement="_", prepend_scheme="never", split=False),
    ])
    t.train_from_iterator(ENGLISH + ARABIC + ODD, trainers.WordLevelTrainer(vocab_size=700, special_tokens=["?"], show_progress=False))
    return t


def bert_front_only():
    t = Tokenizer(models.BPE(unk_token="?"))
    t.normalizer = normalizers.Sequence([normalizers.ByteLevel()])
    t.pre_tokenizer = pre_tokenizers.Punctuation("removed")
    t.train_from_iterator(ENGLISH + ARABIC, trainers.BpeTrainer(vocab_size=350, special_tokens=["?"], show_progress=False))
    return t


def main():
    spec = json.load(open(sys.argv[1]))
    made = {
        "wordpiece": word_piece(), "wordpiece-cased": word_piece_cased(), "bpe": bpe_plain(), "bpe-bytes": bpe_bytes(),
        "bpe-bytes-split": bpe_bytes_split(), "bpe-fallback": bpe_fallback(), "unigram-builtin": unigram_builtin(spec),
        "unigram-charsmap": unigram_charsmap(), "unigram-bytes": unigram_bytes(), "splits": splits(), "bpe-byte-normalizer": bert_front_only(),
    }
    for name, t in made.items():
        cases = [{"text": x, "ids": t.encode(x, add_special_tokens=False).ids, "special": t.encode(x).ids} for x in texts()]
        with open(HERE / f"{name}.json", "w", encoding="utf-8") as f:
            f.write('{"tokenizer": ' + json.dumps(json.loads(t.to_str()), ensure_ascii=False) + ',\n"cases": [\n')
            f.write(",\n".join(json.dumps(c) for c in cases) + "\n]}\n")
        print(name, t.get_vocab_size(), len(cases))


main()
