package claims

import (
	"strings"
	"unicode/utf8"

	"dalil/corpus"
	"dalil/lexical"
)

// percent is the unit of a number with a percent sign or word.
const percent = "%"

// currencies are the words and signs of each, by one name.
var currencies = map[string][]string{
	"dollar": {"dollar", "dollars", "usd", "دولار", "دولارا", "دولارات", "دولارين"},
	"euro":   {"euro", "euros", "eur", "يورو"},
	"pound":  {"pounds", "gbp", "جنيه", "جنيها", "جنيهات"},
	"yen":    {"yen", "jpy", "ين"},
	"yuan":   {"yuan", "renminbi", "cny", "rmb", "يوان", "يوانا"},
	"rouble": {"rouble", "roubles", "ruble", "rubles", "روبل", "روبلا"},
	"rupee":  {"rupee", "rupees", "inr", "روبيه", "روبيات"},
	"dinar":  {"dinar", "dinars", "دينار", "دينارا", "دنانير"},
	"dirham": {"dirham", "dirhams", "درهم", "درهما", "دراهم"},
	"riyal":  {"riyal", "riyals", "rial", "rials", "sar", "ريال", "ريالا", "ريالات"},
	"lira":   {"lira", "liras", "lire", "ليره", "ليرات"},
	"franc":  {"franc", "francs", "chf", "فرنك", "فرنكا", "فرنكات"},
}

// currencySigns stand before or behind a number.
var currencySigns = map[rune]string{'$': "dollar", '€': "euro", '£': "pound", '¥': "yen", '₽': "rouble", '₹': "rupee", '%': percent, '٪': percent}

// unitOf is the currency or percent of a number; empty: there is neither. words are those of the text.
func (e *extractor) unitOf(text string, words []lexical.Term, at corpus.Span) string {
	before, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text[:at.Start], " \u00a0"))
	after, _ := utf8.DecodeRuneInString(strings.TrimLeft(text[at.End:], " \u00a0"))
	if unit := currencySigns[before]; unit != "" && unit != percent {
		return unit
	}
	if unit := currencySigns[after]; unit != "" {
		return unit
	}
	for _, w := range words {
		if w.Span.Start < at.End {
			continue
		}
		if strings.Trim(text[at.End:w.Span.Start], " \u00a0-") != "" {
			return ""
		}
		if e.percents[w.Word] || w.Word == "percent" || w.Word == "per" && strings.HasPrefix(text[w.Span.End:], " cent") {
			return percent
		}
		return e.units[w.Word]
	}
	return ""
}

// otherUnit reports whether two numbers have units that differ.
func otherUnit(a, b fact) bool { return a.unit != "" && b.unit != "" && a.unit != b.unit }
