package conversation

import (
	"strings"

	"dalil/lexical"
)

// courtesies are greetings, thanks and the like that have words which mean something in other questions. They are
// written as [lexical.Analyzer] normalises them, and count only where a message has nothing else.
var courtesies = phrases(
	"hello", "hi", "hey", "welcome", "bye", "goodbye", "cheers", "understood", "got it", "i see", "i understand", "well done",
	"good morning", "good afternoon", "good evening", "good night", "good day", "how are you", "how are you doing", "nice to meet you",
	"thanks a lot", "thank you very much", "thank you so much", "many thanks", "i appreciate it", "much appreciated", "see you", "see you later", "have a nice day", "have a good day",
	"مرحبا", "اهلا", "اهلا وسهلا", "وداعا", "فهمت", "السلام عليكم", "وعليكم السلام", "ورحمه الله", "وبركاته",
	"صباح الخير", "صباح النور", "مساء الخير", "مساء النور", "تصبح علي خير", "مع السلامه", "الي اللقاء", "كيف حالك", "كيف الحال",
	"شكرا جزيلا", "جزيل الشكر", "الف شكر", "شكرا كثيرا", "شكرا لك", "شكرا لكم", "بارك الله فيك", "جزاك الله خيرا",
)

// corrections begin a question that corrects the one before it.
var corrections = phrases("i meant", "i mean", "اقصد", "قصدت", "كنت اقصد", "اعني")

// phrases lists phrases by their first word, each as its words.
func phrases(all ...string) map[string][][]string {
	byFirst := map[string][][]string{}
	for _, phrase := range all {
		words := strings.Fields(phrase)
		byFirst[words[0]] = append(byFirst[words[0]], words)
	}
	return byFirst
}

// courteous reports whether words are courtesies and nothing else, apart from words that reply or ask for more.
func courteous(words []lexical.Term) bool {
	found := false
	for len(words) > 0 {
		n := longest(courtesies, words)
		switch {
		case n > 0:
			found = true
		case words[0].Stop || empty(words[0]):
			n = 1
		default:
			return false
		}
		words = words[n:]
	}
	return found
}

// longest returns of how many words the longest phrase is that words begin with; 0: they begin with none.
func longest(some map[string][][]string, words []lexical.Term) (longest int) {
	for _, phrase := range some[words[0].Word] {
		if len(phrase) > longest && len(phrase) <= len(words) && begin(words, phrase) {
			longest = len(phrase)
		}
	}
	return longest
}

// begin reports whether words begin with a phrase.
func begin(words []lexical.Term, phrase []string) bool {
	for i, word := range phrase {
		if words[i].Word != word {
			return false
		}
	}
	return true
}
