package claims

import (
	"slices"
	"strings"

	"dalil/lexical"
)

// apostrophes takes them out of don't and the like.
var apostrophes = strings.NewReplacer("'", "", "’", "")

// openers begin a sentence that claims nothing about the sources: greetings, thanks
// and hedges. Words are folded by the analyzer, stop words included.
var openers = []string{
	// greetings and thanks
	"hello", "hi", "hey", "dear", "welcome", "good morning", "good evening", "thank you", "thanks", "you are welcome", "sure", "of course", "certainly",
	"here is", "here are", "i hope", "hope this", "hope that", "anything else", "let me know", "please let me", "feel free", "happy to help", "i would be happy", "if you have", "do not hesitate",
	"مرحبا", "اهلا", "السلام عليكم", "وعليكم السلام", "صباح الخير", "مساء الخير", "تحيه طيبه", "شكرا", "عفوا", "بالتاكيد", "طبعا", "بكل سرور",
	"اليك", "فيما يلي", "امل ان", "اتمني ان", "اذا كانت لديك", "اذا كان لديك", "لا تتردد", "يسعدني", "يسرني", "علي الرحب", "اهلا وسهلا",
	// hedges and what an answer says of itself
	"i do not know", "i dont know", "i am not sure", "im not sure", "i am unable", "i cannot", "i cant", "i could not", "i couldnt",
	"i think", "i believe", "i guess", "it seems that i", "as far as i know", "to my knowledge", "as an ai", "unfortunately i", "sorry", "i am sorry", "im sorry",
	"i did not find", "i found no", "there is no information", "no information", "the passages do not", "the sources do not", "the context does not",
	"the text does not", "the documents do not", "the passages dont", "the sources dont", "the context doesnt", "the text doesnt", "the documents dont",
	"the document does not", "the document doesnt", "the passage does not", "the passage doesnt", "based on the passages i", "it is not clear", "it is unclear", "maybe", "perhaps i",
	"لا اعرف", "لا اعلم", "لست متاكدا", "لست متاكده", "لا يمكنني", "لا استطيع", "لم اتمكن", "لم اجد", "اعتقد", "اظن", "علي حد علمي", "حسب علمي", "للاسف", "عذرا",
	"اسف", "لا توجد معلومات", "لا تتوفر معلومات", "لا تذكر النصوص", "لا يذكر النص", "النصوص لا", "النص لا", "المصادر لا", "السياق لا",
	"الوثايق لا", "الوثيقه لا", "المستندات لا", "المقاطع لا", "لا يذكر السياق", "لا تذكر الوثايق", "لا تذكر المصادر", "لا تذكر المقاطع", "ليس من الواضح", "ربما",
}

// replies are words that answer a question and say nothing themselves.
var replies = wordSet("yes no yeah ok okay correct right exactly true false indeed absolutely نعم لا اجل بلي كلا صحيح تماما خطا")

// onlyReplies reports whether a sentence has no other words than replies.
func onlyReplies(words []lexical.Term) bool {
	return !slices.ContainsFunc(words, func(w lexical.Term) bool { return !replies[w.Word] })
}

// needsSupport reports whether a sentence claims something: it has words beside replies, asks
// nothing, and does not begin as a greeting or a hedge does.
func (c *Checker) needsSupport(text string) bool {
	trimmed := strings.TrimRight(text, " \t\n\"'”’»)*_")
	if strings.HasSuffix(trimmed, "?") || strings.HasSuffix(trimmed, "؟") {
		return false
	}
	if onlyReplies(c.deps.Analyzer.Terms(text)) {
		return false
	}
	if strings.HasSuffix(trimmed, ":") && len(c.deps.Analyzer.Terms(text)) < 4 {
		return false // a heading
	}
	var folded strings.Builder
	folded.WriteByte(' ')
	for i, w := range c.deps.Analyzer.Words(text) {
		if i == 12 {
			break
		}
		folded.WriteString(apostrophes.Replace(w.Word))
		folded.WriteByte(' ')
	}
	for _, opener := range openers {
		if strings.HasPrefix(folded.String(), " "+opener+" ") {
			return false
		}
	}
	return true
}
