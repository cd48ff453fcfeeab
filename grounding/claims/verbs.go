package claims

import (
	"slices"
	"strings"

	"dalil/lexical"
)

// auxiliaries stand before a particle, and a verb behind both has its base form: "did not found".
var auxiliaries = wordSet("do does did will would can could shall should may might must")

// withBase are particles that contain such a word.
var withBase = wordSet("cannot dont doesnt didnt wont wouldnt cant couldnt shouldnt mustnt")

// takesBase reports whether the verb behind particle i has its base form.
func takesBase(words []lexical.Term, i int) bool {
	word := apostrophes.Replace(words[i].Word)
	return withBase[word] || (word == "not" || word == "never") && i > 0 && auxiliaries[words[i-1].Word]
}

// regularPasts are verbs whose base form is also a form of another verb (found is the past of
// find), each with its own past. The search takes the form for the other verb.
var regularPasts = map[string]string{
	"found": "founded", "wound": "wounded", "ground": "grounded", "fell": "felled", "lay": "laid",
	"saw": "sawed", "bore": "bored", "bound": "bounded", "rent": "rented",
}

// pasts are the forms, by base form, of irregular verbs that the search does not join.
var pasts = formsOf(`
	abide abode; befall befell befallen; beget begot begotten; behold beheld; beseech besought; bid bade bidden; clothe clad; dive dove;
	dream dreamt; dwell dwelt; fling flung; forego forewent foregone; foresee foresaw foreseen; foretell foretold; forsake forsook forsaken;
	grind ground; hew hewn; kneel knelt; lean leant; leap leapt; leave left; lie lay lain; light lit; mow mown; outdo outdid outdone; overhear overheard;
	override overrode overridden; overtake overtook overtaken; plead pled; rend rent; rise rose; saw sawn; sew sewn; shear shorn; slay slew slain;
	sling slung; smell smelt; smite smote smitten; sow sown; speed sped; spell spelt; spill spilt; spit spat; spoil spoilt; sting stung;
	stink stank stunk; strew strewn; stride strode; string strung; strive strove striven; swell swollen; tread trod trodden; uphold upheld; weep wept;
	wind wound; withstand withstood; wring wrung`)

func formsOf(lines string) map[string][]string {
	all := map[string][]string{}
	for line := range strings.SplitSeq(lines, ";") {
		words := strings.Fields(line)
		all[words[0]] = words[1:]
	}
	return all
}

// isFormOf reports whether a word is an irregular form of the verb with this base form.
func isFormOf(word, base string) bool { return slices.Contains(pasts[base], word) }
