package claims

import (
	"strings"

	"dalil/lexical"
)

// wordSet reads words that are separated by spaces. Arabic words are folded as the
// analyzer folds them, and English words have no apostrophe.
func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(words) {
		set[word] = true
	}
	return set
}

// particles negate the word behind them.
var particles = wordSet(`
	not never no cannot without isnt arent wasnt werent dont doesnt didnt wont wouldnt cant couldnt shouldnt hasnt havent hadnt mustnt
	لم لن ليس ليست ليسوا لسنا لست دون بدون بلا غير لا`)

// exceptions behind a particle make it another expression: not only, no later, لا يزال.
var exceptions = wordSet(`
	only just merely necessarily least until till later less more fewer sooner doubt matter mention surprisingly alone unlike even so yet me him her it them us you
	يزال تزال يزالون تزل يزل بد سيما شك يقل تقل يتجاوز تتجاوز يتعدي تتعدي فقط مجرد الا سوي تنسي يكاد تكاد ادني نهايه ان انه انها`)

// helpers are between a particle and the word that it negates.
var helpers = wordSet(`
	be been being have has had do does did to get gets got longer ever yet always really very any also still
	يكن تكن يكون تكون يكونوا نكن اكن يعد تعد يتم تتم يقم تقم يسبق`)

// deniers are words that deny something, or restrict it so that another language may
// use a negation.
var deniers = wordSet(`
	none nobody nothing neither nor nowhere hardly barely rarely seldom scarcely little few only unless except instead rather less least too
	unable absent absence missing free stop stopped ban banned lest minus zero nary
	غير عدم الا سوي فقط لولا قلما نادرا مستحيل غياب خال خاليه خالي خلو دونما ابدا مطلقا بعيدا قليل قليله كلا دوني دونه دونها دونهم عكس خلاف بدلا`)

// denyingParts are how such words begin in English, and what they contain in Arabic.
var denyingParts = map[lexical.Script][]string{
	lexical.Latin: {
		"un", "non", "dis", "fail", "refus", "deni", "deny", "lack", "prevent", "avoid", "imposs", "illeg", "irre", "insuff", "inadequ", "incomp", "inconc", "incorr", "indec", "inval", "ineq", "incapab", "ineff",
		"invis", "inac", "indif", "inexp", "ina", "imm", "imp", "prohib", "forb", "reject", "miss", "without", "withheld", "withh", "stopp", "lose", "lost", "imb", "inap",
	},
	lexical.Arabic: {"رفض", "فشل", "منع", "تمنع", "استحال", "تفتقر", "يفتقر", "افتقر", "افتقا", "عجز", "تعذر", "حظر", "توقف", "تجنب", "انعدا", "نقص", "نفي", "صعب", "مستحيل"},
}
