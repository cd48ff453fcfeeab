package lexical

import (
	"strings"
)

type language struct{ stop map[string]bool }

var english = language{stop: wordSet(`
a an the and or but nor so yet if then else than as at by for from in into of off on onto out over per to up upon via with within without
about above across after against along among around before behind below beneath beside besides between beyond down during except inside near outside since through throughout toward towards under until unless while whereas
i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it its itself they them their theirs themselves one's
this that these those there here where when why how what which who whom whose whether
am is are was were be been being do does did doing done have has had having can could will would shall should may might must ought cannot
not no don't doesn't didn't isn't aren't wasn't weren't won't wouldn't can't couldn't shouldn't hasn't haven't hadn't ain't mustn't
i'm you're he's she's it's we're they're i've you've we've they've i'd you'd he'd she'd we'd they'd i'll you'll he'll she'll we'll they'll let's that's who's what's here's there's where's when's why's how's
also any both each either every few more most much many neither other others own same several some such too very just only even ever again once all
s t
`)}

var arabic = language{stop: wordSet(`
في من الى على عن مع حتى منذ مذ خلال بين عند عندما لدى لدي حول ضد دون بدون نحو عبر قبل بعد فوق تحت امام وراء خلف حسب بسبب اثناء رغم برغم سوى عدا خلا حاشا عوض
ان أنّ إنّ لان لأن بان بأن كان كأن لكن ليت لعل اذا إذا اذ لو لولا لوما كي لكي حيث حيثما بينما كلما طالما مهما ريثما اما أما إما
او أو ام أم ثم بل لا لم لن ما ليس ليست ليسوا لست غير هل قد لقد سوف كلا نعم بلى لما
هو هي هم هن هما انا أنا انت أنت انتم نحن اياه اياها
هذا هذه هذان هذين هاتان هاتين هؤلاء ذلك تلك اولئك ذاك هنا هناك هنالك كذلك لذلك بذلك هكذا لذا كذا
الذي التي الذين اللذان اللذين اللتان اللتين اللاتي اللواتي اللائي من ماذا لماذا متى اين أين كيف كم اي أي اية أية ايها أيها ايضا أيضا
كان كانت كانوا كن يكون تكون يكونون يكن تكن كنت كنا سيكون ستكون تم يتم تتم
به بها بهم بهما بهن بنا بي بك بكم له لها لهم لهما لهن لنا لي لك لكم فيه فيها فيهم فيهما فينا منه منها منهم منهما منهن منا مني منك عنه عنها عنهم عنهما عنا عني عليه عليها عليهم عليهما علينا عليك اليه إليه اليها إليها اليهم اليهما الينا إلينا اليك معه معها معهم معهما معنا معي معك لديه لديها لديهم لدينا بينه بينها بينهم بينهما بيننا عنده عندها عندهم
انه أنه انها أنها انهم أنهم انهما اننا أننا إنه إنها إنهم انني لانه لأنه لانها لأنها لانهم بانه بأنه بانها بأنها بانهم كانه كأنه كانها لكنه لكنها لكنهم
كل كلها كله كلهم كلا كلتا بعض بعضها بعضهم جميع معظم نفس نفسه نفسها انفسهم ذات ذو ذا ذي كما فيما مما عما بما ممن فمن فما ومن لمن بمن فقط جدا عليا مثل حين حينما اذن إذن الا ألا إلا
و ف ب ك ل ا ال
`)}

// wordSet normalises a list of words as the analyzer does.
func wordSet(list string) map[string]bool {
	f := newFolds()
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		var b strings.Builder
		for _, r := range w {
			if r = f.fold(r); r != dropRune {
				b.WriteRune(r)
			}
		}
		set[b.String()] = true
	}
	return set
}

// arabicStop reports a stop word, also behind و or ف: وهو, ولم, فقد.
func arabicStop(word []byte) bool {
	if len(word) <= 2 || arabic.stop[string(word)] {
		return true
	}
	if len(word) > 4 && (string(word[:2]) == "و" || string(word[:2]) == "ف") && arabic.stop[string(word[2:])] {
		return !stopTwins[string(word)]
	}
	return false
}

// stopTwins look like و or ف before a stop word and are words of their own.
var stopTwins = wordSet(`فهم فلم فكل وكان`)
