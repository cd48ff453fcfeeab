package lexical

// A passage that has a form of a word may have it with another meaning. How much a form counts in the
// search compares it with the other forms that the index contains: if the index lacks the right
// translation, the best of the wrong ones counts nearly as much as the word itself, because a passage
// with it is the best that there is. The certainty of a form compares it with the translations that the
// index lacks too, so that it says whether a passage has the word at all.

// soundCertainty is the certainty of a form that matches by its sound alone, by the number of
// consonants. Two consonants are the same by chance in many words, five in few.
var soundCertainty = [...]float64{0, 0, 0.2, 0.6, 0.9, 1}

// absencePower is the power of the weight of the best translation that the index contains, relative to that
// of the best one of all, by which the certainty of all translations falls. With .7 the AUC of far questions
// is .001 higher, but a rare translation that is right counts too little (الحد for "reduction").
const absencePower = 0.3

// sameScript is the factor of the certainty if both words are in one script. Words of one root have the
// same consonants, and often other meanings.
const sameScript = 0.5

// certain is the certainty of a form in an index where it and its word are as rare as given. A form in
// another language that is more common than the word is found by chance too.
func (f *form) certain(idf, wordIDF float64) float64 {
	certainty := f.certainty
	if certainty == 0 {
		certainty = share(f.probability)
	}
	if f.own || wordIDF <= idf {
		return certainty
	}
	return certainty * idf / wordIDF
}
