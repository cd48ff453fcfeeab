package parser

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// inWord are the characters of a word.
var inWord = lettersOf(letterKind|markKind, "'’\u200c")

// inLatinWord are the characters of a Latin word in a text that also has other scripts.
var inLatinWord = lettersOf(letterKind|markKind|digitKind, "")

// tongue is what identifies a language: words that occur in almost every passage,
// and the letters beyond a to z that its words have.
type tongue struct{ tag, words, letters string }

var latin = []tongue{
	{"en", "the and of to in is that for with was are this from by have not which on at be it as you we he they his her their has had will can all more when who what if about out no one two there were been but or an a i my your our its into than them some would could should after before over only also new other how then these those did does do just because where why may must each any most many such very through during between under while both few own same so too until again monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december", ""},
	{"fr", "le la les et des une est dans pour que qui sur avec pas du au cette ce il elle nous vous ils sont ont été plus ne se par mais ou où leur son sa ses aux comme tout fait être", "àâæçéèêëîïôœùûüÿ"},
	{"de", "der die und das ist von den mit für nicht auf ein eine dem sich auch zu im es wird bei aus nach wie einen oder sie wir ihr werden wurde hat haben als noch nur über kann war des", "äöüß"},
	{"es", "el los las y que una por con para del es como más pero esta fue de la en un se su al lo le sus ha han no está son entre cuando muy sin sobre también hasta desde donde", "áéíñóúü"},
	{"it", "il di che gli della per una sono con non del nella anche questo è e la le un si da al dei delle alla come più ma ha nel lo stato essere suo sua", "àèéìòù"},
	{"pt", "o os as não uma para com que do da em por mais são foi ao e de a um se na no dos das como mas ou seu sua pelo pela também está tem", "áâãàçéêíóôõú"},
	{"tr", "ve bir bu için ile de olarak olan daha çok gibi en ne kadar da o ki sonra her ama ya mi var değil oldu onun", "çğıöşüâîû"},
	{"nl", "de het een van en dat niet zijn met voor op te aan ook is in die er als maar om hij zij wordt door naar bij uit nog dan deze werd hebben", "éëïóöü"},
	{"id", "yang dan di dengan untuk dari ini itu tidak dalam pada adalah ke akan oleh sebagai juga karena telah ada mereka kami anda bisa atau", ""},
	{"sv", "och att det som en på är av för med den till inte har de om ett var han men sig från vi så när kan nu under efter eller sin också där vid över hade blev skulle", "åäöé"},
	{"da", "og at det en den til er som på de med han af for ikke der var mig sig men et har om vi min havde ham hun nu over da fra du ud sin dem os op man hans hvor eller blev alle efter være deres bliver også tilbage meget hvad noget nogle sådan", "åæøé"},
	{"no", "og i det på som er en til å av for at med den de ikke har om et fra var men han seg ble så vi kan skal hun dette etter ved jeg eller også tilbake mye hva noe noen slik", "åæø"},
	{"fi", "ja on ei se että oli hän mutta ovat kun tai joka myös niin kuin sen ole hänen mukaan jos sekä olla ovat jälkeen", "åäö"},
	{"is", "og að er í á sem það við til ekki um hann en með var af fyrir hún eru því", "áéíóúýþæðö"},
	{"et", "ja on ei et see oli ka kui mis ning ta aga oma või kes välja tema nad", "äöõüšž"},
	{"pl", "i w na z się nie do to jest że jak o po od za dla przez są był ale tym co oraz tak już być jego może tego nad a który która które którzy ich też także wszystkich wszystko bardzo kiedy gdzie", "ąćęłńóśźż"},
	{"cs", "a v na se je že s z do to i o za jako který jsou byl jeho po ale pro není ze které podle také", "áčďéěíňóřšťúůýž"},
	{"sk", "a v na sa je že s z do to i o za ako ktorý sú bol jeho po ale pre nie zo ktoré podľa tiež", "áäčďéíĺľňóôŕšťúýž"},
	{"sl", "in je na se da za so ki v z po pa tudi kot iz ali bil bila ne so pri ter lahko", "čšž"},
	{"hr", "i je u na se da za su od s koji kao iz ali bio bila ne što sa po nije ili će", "čćđšž"},
	{"hu", "a az és hogy nem is egy ez de volt van csak meg már mint még el vagy lehet azt ha volna", "áéíóöőúüű"},
	{"ro", "și în de la cu pe nu a care din este o că mai pentru sunt un să ce fi al prin au dar sau după fost iar lui", "ăâîșțşţ"},
	{"sq", "dhe të në e një për që me nga është si se nuk ka i u më do kjo ose por", "ëç"},
	{"ca", "el la els les i de que en un una per amb és no es del al com més però aquest ha són", "àçéèíïóòúü"},
	{"lv", "un ir ar no uz par ka kas to nav tas bet vai kā gada pēc tika arī", "āčēģīķļņšūž"},
	{"lt", "ir yra kad su iš į ne tai bet kaip buvo už nuo jo po per arba dėl", "ąčęėįšųūž"},
	{"vi", "và của là có không được trong cho một những các với người này đã để khi từ đến", "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"},
	{"sw", "na ya wa kwa ni katika za la hii hiyo kuwa cha ambao yake watu kama hili wake lakini hata baada kila siku mtu nchi huo yao zaidi pia sana mji", ""},
	{"so", "iyo ka ku oo waa in uu ay ee soo la aan wax waxaa uga isaga", ""},
	{"az", "və bu bir ilə üçün olan də da ki onun daha çox kimi edir", "əçğıöşü"},
	{"tl", "ang ng sa mga na at ay ito para ni kay nang hindi siya", "ñ"},
	{"romanised", "al el wa fi min ila ala an hatha kayfa kifa ana inta inti enta mish mesh walla wallah allah inshallah habibi marhaba marhaban shukran ahlan ya la ma3a 3ala 3an ila hal madha limadha kan kana qal qala huwa hiya hunak huna bait bayt", ""},
}

// byLatin distinguishes the languages of the Latin script by common words and by letters.
// It answers only where several different words agree and no other language comes
// near. Arabic in Latin letters is a language of its own here, whose answer is "".
func byLatin(text string) string {
	counts := latinCounts.Get().(*wordCounts)
	defer counts.done()
	words, digits := 0, 0
	lower := strings.ToLower(text)
	inLatinWord.each(lower, func(word string, kinds uint8) {
		if kinds&letterKind == 0 && !strings.ContainsFunc(word, unicode.IsLetter) {
			return
		}
		latinWords.count(counts, word)
		words++
		if kinds&soundKind != 0 {
			digits++
		}
	})
	if digits*8 > words && words > 3 { // mar7aba, 3ala
		return ""
	}
	var special map[rune]int
	specials := 0
	for at := 0; at < len(lower); {
		if lower[at] < utf8.RuneSelf {
			at++
			continue
		}
		r, size := runeAt(lower, at)
		at += size
		if r < tallied && lowScripts[r] == latinScript || r >= tallied && unicode.Is(unicode.Latin, r) {
			if special == nil {
				special = map[rune]int{}
			}
			special[r]++
			specials++
		}
	}
	var hits, kinds [maxTongues]int
	for _, number := range counts.seen {
		for _, list := range latinWords.in[number] {
			hits[list] += counts.of[number]
			kinds[list]++
		}
	}
	best, second, tag, different := 0.0, 0.0, "", 0
	for i, t := range latin {
		own := 0
		if specials > 0 {
			for _, r := range t.letters {
				own += special[r]
			}
		}
		score := float64(hits[i]) + float64(kinds[i])/2 + 0.5*float64(own) - float64(specials-own)
		if score > best {
			best, second, tag, different = score, best, t.tag, kinds[i]
		} else if score > second {
			second = score
		}
	}
	switch {
	case tag == "romanised", different < 2, words > 6 && different < 3, best < float64(words)/12, best < 1.1*second:
		return ""
	case tag == "hr" && hits[len(latin)] > hits[len(latin)+1]: // more words are spelt as in Serbia
		return "sr"
	}
	return tag
}

// latinScript is the place of Latin in scripts.
const latinScript = 0

// Words as they are spelt in Serbia, and as in Croatia and Bosnia, where they have je or ije.
const (
	ekavianWords   = "pre posle gde ovde uvek vreme vremena reka reke svet sveta mesto mesta deo dela dva dve dete deca čovek mleko lepo videti"
	ijekavianWords = "prije poslije gdje ovdje uvijek vrijeme vremena rijeka rijeke svijet svijeta mjesto mjesta dio dijela dvije dijete djeca čovjek mlijeko lijepo vidjeti tjedan"
)

// wordLists numbers the words of several lists, so that the words of a text are looked up
// once for all of them.
type wordLists struct {
	numbers wordTable
	in      [][]int // of each number, the lists that have the word, each as often as it has it
}

// maxTongues is at least the number of lists.
const maxTongues = 64

// latinWords has the words of latin, then ekavianWords and ijekavianWords.
var latinWords = func() *wordLists {
	w := new(wordLists)
	lists := 0
	add := func(words string) {
		for word := range strings.FieldsSeq(words) {
			number, listed := w.numbers.number(word)
			if !listed {
				number = len(w.in)
				w.numbers.add(word, number)
				w.in = append(w.in, nil)
			}
			w.in[number] = append(w.in[number], lists)
		}
		lists++
	}
	for _, t := range latin {
		add(t.words)
	}
	add(ekavianWords)
	add(ijekavianWords)
	return w
}()

// wordCounts counts the words of lists in a text.
type wordCounts struct {
	of   []int // of each word
	seen []int // the words that occur
}

// latinCounts keeps the memory of counts.
var latinCounts = sync.Pool{New: func() any { return &wordCounts{of: make([]int, len(latinWords.in))} }}

// done gives the memory back.
func (c *wordCounts) done() {
	for _, number := range c.seen {
		c.of[number] = 0
	}
	c.seen = c.seen[:0]
	latinCounts.Put(c)
}

// count counts a word if a list has it.
func (w *wordLists) count(counts *wordCounts, word string) {
	if number, listed := w.numbers.number(word); listed {
		if counts.of[number] == 0 {
			counts.seen = append(counts.seen, number)
		}
		counts.of[number]++
	}
}

var devanagari = []tongue{
	{"hi", "है हैं में का की के और से को ने पर यह नहीं था भी", ""},
	{"mr", "आहे आणि आहेत च्या मध्ये हे तो ती होते नाही", ""},
	{"ne", "छ र को मा ले छन् यो हो पनि गर्न भएको", ""},
}

// byWordsOf is the language most of whose common words occur.
func byWordsOf(text string, tongues []tongue) string {
	counts := map[string]int{}
	inWord.each(strings.ToLower(text), func(word string, _ uint8) { counts[word]++ })
	tag, most, second := "", 0, 0
	for _, t := range tongues {
		n := 0
		for word := range strings.FieldsSeq(t.words) {
			n += counts[word]
		}
		if n > most {
			tag, most, second = t.tag, n, most
		} else {
			second = max(second, n)
		}
	}
	if most == second {
		return ""
	}
	return tag
}

var cyrillicSets = letterSets{
	{"uk", "їєґ"},
	{"be", "ў"},
	{"sr", "ђћ"},
	{"mk", "ѓќѕ"},
	{"kk", "ұқғәһ"},
	{"tg", "ӣӯҳҷ"},
	{"tt", "җ"},
}

var cyrillic = []tongue{
	{"ru", "и в не на что он с как это по но из у за от же для был его то так они мы вы есть было все к бы только", ""},
	{"bg", "и на се да за от е с не в по са че това като му до ще си при към след които беше бе съм има", ""},
	{"uk", "і в не на що він з як це по але із у за від та для був його то так вони", ""},
	{"sr", "и у је на се да за су од са који као из али био не што по", ""},
	{"mk", "и на во да се од за не со е ќе што тоа беше како по ги", ""},
	{"mn", "байна нь энэ юм гэж байсан болон хүн", ""},
	{"ky", "жана бул үчүн менен болгон деп", ""},
}

// byCyrillic distinguishes the languages of the Cyrillic script.
func byCyrillic(text string) string {
	lower := strings.ToLower(text)
	t, _ := tallyOf(lower)
	defer t.done()
	if tag := cyrillicSets.best(t, 120); tag != "" {
		return tag
	}
	tag := byWordsOf(lower, cyrillic)
	russian, i := t.count("ыэё"), t.count("і")
	switch {
	case i*60 > t.letters:
		return "uk"
	case tag == "bg" && russian > 0, tag == "ru" && russian == 0 && t.count("ъ")*60 > t.letters:
		if russian == 0 {
			return "bg"
		}
		return "ru"
	case tag == "" && russian*80 > t.letters && t.count("үөң") == 0:
		return "ru"
	case tag == "" && t.count("ъ")*50 > t.letters:
		return "bg"
	}
	return tag
}
