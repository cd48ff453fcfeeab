package grounding

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dalil/searcher/shingle"
)

// instructs reports whether a text contains instructions to a language model:
// whether it gives the model a role, cancels its instructions, says what its answer
// must be, or has the marks of a prompt. It uses the phrases of [talk], in Arabic
// and English. testdata/instructions.jsonl has the texts that it is judged by.
func instructs(text string) bool {
	if hasMarkup(text) {
		return true
	}
	r := reading{}
	r.read(text)
	return slices.ContainsFunc(talk, r.has)
}

// markup are marks of prompts, in small letters.
var markup = []string{
	"<|im_start|>", "<|im_end|>", "<|system|>", "<|user|>", "<|assistant|>", "<|endoftext|>", "<|eot_id|>", "[inst]", "[/inst]", "<<sys>>",
	"### instruction", "### system", "<system>", "</system>", "<system_prompt>", "begin system prompt", "end of system prompt", "[system]", "system message:", "system prompt:", "موجه النظام:", "رسالة النظام:",
}

// hasMarkup reports whether a text has one of these marks, or a line that begins
// as an answer of an assistant does.
func hasMarkup(text string) bool {
	if !strings.ContainsAny(text, "<[#:") {
		return false
	}
	lower := strings.ToLower(text)
	return slices.ContainsFunc(markup, func(m string) bool { return strings.Contains(lower, m) }) ||
		strings.HasPrefix(lower, "assistant:") || strings.Contains(lower, "\nassistant:")
}

// class is a set of words that mean the same to a pattern.
type class uint64

const (
	ignore class = 1 << iota
	instruction
	prior
	you
	are
	machine // a language model
	act
	as
	pretend
	tell
	user
	not
	reply
	only
	answer // what a model gives
	must
	asking
	if_
	reveal
	secret
	greet
	to
	fresh
	send
	private
	reader
	your
	that
	in
	start // the first word of a sentence, or one that leaves it an order: please, now
	fromNow
	on
	told
	toYou
	yourAnswer       // one word in Arabic
	yourInstructions // likewise
	past             // Arabic: the order is spelled as the past tense is (تجاهل)
	gerund           // Arabic: the order is also a noun (تجاهل: the ignoring of)
	noun             // English: the order is also a noun, if "of" or "for" comes after it
	of
	whole        // begins the object of a verb: كل, some
	makes        // a verb that a noun in front of it is the subject of
	relative     // which
	determiner   // begins an English subject
	some         // a determiner of more than one
	thing        // a text that a reader could be told to follow
	joins        // joins an order to what stands before it
	modal        // must
	definite     // Arabic: has the article
	plural       // English: ends as a plural does
	joinedLetter // Arabic: has a conjunction or preposition in front
)

// words are the classes of words, as [shingle.Prints] folds letters.
var words = lexiconOf(map[class]string{
	ignore:           "ignore disregard forget override bypass neglect dismiss discard تجاهل تجاهلي تجاهلوا اهمل اهملي انس انسي تخط تخطي الغ تجاوز",
	instruction:      "instructions instruction prompt prompts rules guidelines directions directives commands orders restrictions programming training التعليمات تعليمات تعليماتك الاوامر اوامر اوامرك التوجيهات توجيهات توجيهاتك القواعد قواعدك الارشادات ارشاداتك القيود قيودك برمجتك موجه",
	prior:            "previous prior above earlier preceding former existing all any original past your everything السابقه السابق اعلاه الاصليه الاولي كل جميع كافه سبق قبل تعليماتك اوامرك توجيهاتك قواعدك ارشاداتك قيودك برمجتك",
	you:              "you you're youre انت انك بانك كانك كنت",
	are:              "are be you're youre كنت",
	machine:          "ai llm llms chatbot chatbots chatgpt gpt claude gemini copilot assistant assistants bot agents dan مساعد المساعد مساعدا مساعده نموذج النموذج نموذجا روبوت الروبوت روبوتا الذكاء ذكاء",
	act:              "act behave roleplay تصرف تصرفي العب تقمص",
	as:               "as like دور شخصيه كانك بصفتك كما",
	pretend:          "pretend imagine تظاهر تخيل افترض",
	tell:             "tell inform convince persuade advise assure mention disclose reveal warn notify اخبر اخبري قل اقنع انصح اطلب ابلغ تخبر تذكر تكشف تقل تنبه تبلغ تفصح",
	user:             "user users user's المستخدم المستخدمين مستخدم",
	not:              "not don't dont never لا اياك",
	reply:            "respond reply answer output write اجب اجيبي رد اكتب",
	only:             "only nothing exactly solely فقط حصرا",
	answer:           "answer response reply output summary responses answers اجابتك جوابك ردك ملخصك اجاباتك ردودك",
	must:             "must should shall always need needs has say include mention recommend state يجب ينبغي لابد دائما اذكر قل اوص",
	asking:           "asked asks questioned سئلت سالك سالوك يسالك سوالك طلب",
	if_:              "if when whenever اذا عندما ان عند متي كلما",
	reveal:           "reveal print repeat show output display leak expose اكشف اطبع كرر اعرض اظهر افصح",
	secret:           "system hidden initial secret developer النظام السريه الخفيه الاوليه تعليماتك اوامرك",
	greet:            "dear attention hello hey note message notice reminder ايها ايتها يا ملاحظه رساله تنبيه عزيزي انتباه تعليمات الي",
	to:               "to for الي لكل لاي",
	fresh:            "new updated important additional special following جديده مهمه اضافيه محدثه عاجله",
	send:             "send forward upload post email transmit ارسل ارسلي ابعث حول ارفع",
	private:          "conversation chat history password passwords credentials key keys المحادثه محادثه المرور بيانات البيانات سجل المفتاح",
	reader:           "reading processing summarizing summarising analyzing analysing parsing يقرا تقرا يلخص تلخص يعالج تعالج",
	your:             "your you اجابتك جوابك ردك ملخصك",
	that:             "that to about this anything ان بان ب عن اي هذا",
	in:               "in at the في داخل ضمن",
	start:            "please now instead and then must should kindly immediately الان فورا رجاء فضلك ثم عليك يرجي",
	fromNow:          "now henceforth الان اليوم",
	yourAnswer:       "اجابتك جوابك ردك ملخصك اجاباتك ردودك",
	yourInstructions: "تعليماتك اوامرك توجيهاتك قواعدك ارشاداتك قيودك برمجتك",
	told:             "told قيل قلناه",
	toYou:            "لك",
	on:               "on onward onwards فصاعدا",
	past:             "تجاهل اهمل تخطي تجاوز تصرف تقمص تظاهر تخيل افترض اخبر اقنع ابلغ تخبر تبلغ ارسل حول اظهر كرر",
	gerund:           "تجاهل تخطي تجاوز",
	noun:             "disregard neglect",
	of:               "of for",
	whole:            "كل جميع كافه اي ايه معظم بعض هذه تلك كلمات ملفات",
	makes:            "يؤدي سيؤدي ادي يعد يعتبر يسبب يمثل يشكل",
	relative:         "الذي التي الذين اللذين اللواتي ما من ان الا",
	determiner:       "the a an his her their its our each every",
	some:             "some many most several few both",
	thing:            "this these that following above below text texts message messages note notes document documents page pages section sections passage passages model models system systems reader readers order task tasks test tests",
	joins:            "and then",
	modal:            "must should",
})

// lexiconOf turns the table around.
func lexiconOf(classes map[class]string) map[string]class {
	all := map[string]class{}
	for c, list := range classes {
		for word := range strings.FieldsSeq(list) {
			all[word] |= c
		}
	}
	return all
}

// step is a word of a phrase: one of its class, after at most gap other words.
type step struct {
	class
	gap int
}

// phrase is a run of steps. An order counts only where it begins a sentence or
// follows a word of [start], and where [reading.reports] finds no subject of its verb.
type phrase struct {
	order bool
	steps []step
}

// talk are the phrases.
var talk = []phrase{
	{true, []step{{ignore, 0}, {prior, 4}, {instruction, 5}}},
	{true, []step{{ignore, 0}, {yourInstructions, 3}}},
	{true, []step{{reveal, 0}, {yourInstructions, 2}}},
	{true, []step{{ignore, 0}, {instruction, 3}, {prior, 2}}},
	{true, []step{{not, 0}, {ignore, 0}, {instruction, 4}, {prior, 2}}},
	{true, []step{{ignore, 0}, {prior, 2}, {reply | must | tell | reveal, 3}}},
	{true, []step{{ignore, 0}, {prior, 2}, {you, 1}, {told, 2}}},
	{true, []step{{ignore, 0}, {prior, 2}, {told, 1}, {toYou, 0}}},
	{true, []step{{not, 0}, {yourInstructions, 2}}},
	{true, []step{{reveal, 0}, {your, 1}, {instruction, 1}}},
	{false, []step{{you, 0}, {are, 0}, {machine, 3}}},
	{false, []step{{you, 0}, {machine, 2}}},
	{true, []step{{act, 0}, {as, 0}}},
	{true, []step{{pretend, 0}, {you, 2}}},
	{false, []step{{fromNow, 0}, {on, 0}, {you | reply, 3}}},
	{true, []step{{greet, 0}, {to, 0}, {machine, 3}}},
	{true, []step{{greet, 0}, {machine, 1}}},
	{false, []step{{machine, 0}, {reader, 3}}},
	{true, []step{{tell, 0}, {user, 2}}},
	{false, []step{{not, 0}, {tell, 1}, {user, 5}}},
	{true, []step{{reply, 0}, {only, 2}}},
	{false, []step{{your, 0}, {answer, 2}, {must, 2}}},
	{false, []step{{yourAnswer, 0}, {must, 2}}},
	{false, []step{{must, 0}, {yourAnswer, 3}}},
	{true, []step{{in, 0}, {yourAnswer, 1}}},
	{true, []step{{in, 0}, {your, 0}, {answer, 1}}},
	{false, []step{{if_, 0}, {asking, 3}, {reply | tell, 8}}},
	{true, []step{{reveal, 0}, {secret, 3}, {instruction, 2}}},
	{true, []step{{reveal, 0}, {instruction, 2}, {secret, 1}}},
	{true, []step{{fresh, 0}, {instruction, 1}, {machine, 4}}},
	{true, []step{{instruction, 0}, {fresh, 1}, {machine, 4}}},
	{true, []step{{send, 0}, {private, 5}, {to, 6}}},
}

// reading is a text as classes of words.
type reading struct {
	classes []class
	begins  []bool // the word may begin an order
	stops   []bool // a mark stands between the word and the one before it
}

// read folds and looks up the words of a text.
func (r *reading) read(text string) {
	var word []byte
	begins, stops := true, true
	end := func() {
		if len(word) == 0 {
			return
		}
		c := classOf(string(word))
		r.classes, r.begins = append(r.classes, c), append(r.begins, begins)
		r.stops = append(r.stops, stops)
		begins, stops = c&start != 0, false
		word = word[:0]
	}
	for _, c := range text {
		switch l := shingle.Fold(c); {
		case l > 0:
			word = utf8.AppendRune(word, l)
		case l == 0:
		case (c == '\'' || c == '’') && len(word) > 0:
			word = append(word, '\'')
		default:
			end()
			stops = stops || !unicode.IsSpace(c)
			begins = begins || stops
		}
	}
	end()
}

// classOf looks a word up, in Arabic also without the letters that join it to the
// sentence.
func classOf(word string) class {
	word = strings.TrimSuffix(word, "'")
	c := words[word]
	if word[0] < utf8.RuneSelf {
		if strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss") {
			c |= plural
		}
		return c
	}
	if rest, has := strings.CutPrefix(word, "ال"); has && len(rest) > 4 {
		c |= definite
	}
	if c&^definite != 0 {
		return c
	}
	for _, joined := range [...][2]string{{"و", ""}, {"ف", ""}, {"لل", "ال"}, {"بال", "ال"}, {"كال", "ال"}, {"وال", "ال"}, {"ل", ""}, {"ب", ""}, {"ك", ""}} {
		if rest, has := strings.CutPrefix(word, joined[0]); has && len(rest) > 3 {
			if known := words[joined[1]+rest]; known != 0 {
				return known | joinedLetter
			}
		}
	}
	return c
}

// has reports whether the text has the phrase.
func (r *reading) has(p phrase) bool {
	for i, c := range r.classes {
		if c&p.steps[0].class != 0 && (!p.order || r.begins[i]) && r.follow(i+1, p.steps[1:]) && !r.reports(i, p) {
			return true
		}
	}
	return false
}

// follow reports whether the steps come from word i on.
func (r *reading) follow(i int, steps []step) bool {
	if len(steps) == 0 {
		return true
	}
	for j := i; j <= i+steps[0].gap && j < len(r.classes); j++ {
		if r.classes[j]&steps[0].class != 0 && r.follow(j+1, steps[1:]) {
			return true
		}
	}
	return false
}
