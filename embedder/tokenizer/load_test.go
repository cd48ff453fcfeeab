package tokenizer_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"dalil/embedder/tokenizer"
)

const (
	tinyUnigram = `{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["a",-1]]}`
	tinyBPE     = `{"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":["a b"]}`
)

func TestLoadRefuses(t *testing.T) {
	with := func(field, value string) string { return `{"model":` + tinyUnigram + `,"` + field + `":` + value + `}` }
	model := func(m string) string { return `{"model":` + m + `}` }
	deep := strings.Repeat(`{"type":"Sequence","normalizers":[`, 20) + `{"type":"NFC"}` + strings.Repeat(`]}`, 20)
	for _, test := range []struct{ name, file, want string }{
		{"nothing", "", "unexpected end"},
		{"no model", `{}`, "no model"},
		{"cut", `{"model":{"type":"Unig`, "unexpected end"},
		{"another version", `{"version":"2.0","model":` + tinyUnigram + `}`, `"2.0"`},
		{"an unknown model", model(`{"type":"Magic","vocab":{}}`), `"Magic"`},
		{"no vocabulary", model(`{"type":"Unigram"}`), "vocab entry 0"},
		{"an empty vocabulary", model(`{"type":"Unigram","vocab":[]}`), "0 pieces"},
		{"a piece without a score", model(`{"type":"Unigram","vocab":[["a",-1],["b"]]}`), "vocab entry 1"},
		{"a score that is not a number", model(`{"type":"Unigram","vocab":[["a","x"]]}`), "vocab entry"},
		{"an infinite score", model(`{"type":"Unigram","vocab":[["a",1e999]]}`), "vocab entry"},
		{"unk_id out of range", model(`{"type":"Unigram","unk_id":7,"vocab":[["a",-1]]}`), "unk_id 7"},
		{"a negative unk_id", model(`{"type":"Unigram","unk_id":-7,"vocab":[["a",-1]]}`), "unk_id -7"},
		{"a piece that is too long", model(`{"type":"Unigram","vocab":[["` + strings.Repeat("a", 2000) + `",-1]]}`), "2000 bytes"},
		{"a huge id", model(`{"type":"WordLevel","vocab":{"a":2000000000}}`), "has id 2000000000"},
		{"a negative id", model(`{"type":"WordLevel","vocab":{"a":-1}}`), "has id -1"},
		{"an id of half", model(`{"type":"WordLevel","vocab":{"a":0.5}}`), "vocab entry"},
		{"WordPiece without its unknown piece", model(`{"type":"WordPiece","vocab":{"a":0}}`), "[UNK]"},
		{"a merge of an unknown piece", model(`{"type":"BPE","vocab":{"a":0},"merges":["a b"]}`), "merge 0"},
		{"a merge into an unknown piece", model(`{"type":"BPE","vocab":{"a":0,"b":1},"merges":[["a","b"]]}`), `makes "ab"`},
		{"a merge of three", model(`{"type":"BPE","vocab":{"a":0},"merges":["a a a"]}`), "merge 1"},
		{"a merge of one", model(`{"type":"BPE","vocab":{"a":0},"merges":[["a"]]}`), "merge 1"},
		{"an unknown normalizer", with("normalizer", `{"type":"Magic"}`), `"Magic"`},
		{"sequences too deep", with("normalizer", deep), "deeper"},
		{"a Replace without a pattern", with("normalizer", `{"type":"Replace","content":"x"}`), "one pattern"},
		{"a Replace of nothing", with("normalizer", `{"type":"Replace","pattern":{"String":""},"content":"x"}`), "empty pattern"},
		{"a pattern that may match nothing", with("normalizer", `{"type":"Replace","pattern":{"Regex":"a*"},"content":"x"}`), "match nothing"},
		{"a lookbehind", with("normalizer", `{"type":"Replace","pattern":{"Regex":"(?<=a)b"},"content":"x"}`), "a group"},
		{"a back reference", with("normalizer", `{"type":"Replace","pattern":{"Regex":"(a)\\1"},"content":"x"}`), "not known"},
		{"an unclosed set", with("normalizer", `{"type":"Replace","pattern":{"Regex":"[a"},"content":"x"}`), "missing closing"},
		{"a short charsmap", with("normalizer", `{"type":"Precompiled","precompiled_charsmap":"AAA="}`), "precompiled_charsmap"},
		{"a charsmap that lies about its size", with("normalizer", `{"type":"Precompiled","precompiled_charsmap":"/////wAA"}`), "precompiled_charsmap"},
		{"an unknown pre-tokenizer", with("pre_tokenizer", `{"type":"UnicodeScripts"}`), `"UnicodeScripts"`},
		{"a Metaspace without a mark", with("pre_tokenizer", `{"type":"Metaspace","replacement":""}`), "one letter"},
		{"an unknown scheme", with("pre_tokenizer", `{"type":"Metaspace","replacement":"_","prepend_scheme":"often"}`), `"often"`},
		{"an unknown behavior", with("pre_tokenizer", `{"type":"Split","pattern":{"String":"a"},"behavior":"Dropped"}`), `"Dropped"`},
		{"an unknown post-processor", with("post_processor", `{"type":"Magic"}`), `"Magic"`},
		{"a template with an unknown token", with("post_processor", `{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"[X]"}}]}`), `"[X]"`},
		{"an empty added token", with("added_tokens", `[{"id":5,"content":""}]`), "added token 0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := tokenizer.Load([]byte(test.file))
			if !errors.Is(err, tokenizer.ErrFormat) || !strings.Contains(fmt.Sprint(err), test.want) {
				t.Errorf("error %v, want %v naming %q", err, tokenizer.ErrFormat, test.want)
			}
		})
	}
}

func TestLoadReadsOldFiles(t *testing.T) {
	for _, test := range []struct {
		name, file, text string
		want             []int32
	}{
		{"merges as text", `{"model":` + tinyBPE + `}`, "abba", []int32{2, 1, 0}},
		{"a model without its type", `{"model":{"vocab":{"a":0,"b":1,"ab":2},"merges":["a b"]}}`, "ab", []int32{2}},
		{
			"Metaspace with add_prefix_space",
			`{"model":{"type":"WordLevel","vocab":{"_a":0,"a":1}},"pre_tokenizer":{"type":"Metaspace","replacement":"_","add_prefix_space":false}}`,
			"a a",
			[]int32{1, 0},
		},
		{"escapes in pieces", `{"model":{"type":"WordLevel","vocab":{"\u0627\"\\":3,"\ud83d\ude00":4}}}`, "😀", []int32{4}},
	} {
		t.Run(test.name, func(t *testing.T) {
			tok, err := tokenizer.Load([]byte(test.file))
			if err != nil {
				t.Fatal(err)
			}
			if got := tok.AppendIDs(nil, test.text); !slices.Equal(got, test.want) {
				t.Errorf("%q: %v, want %v", test.text, got, test.want)
			}
		})
	}
}

func TestSpecialTokensOfASequence(t *testing.T) {
	const roberta = `{"type":"RobertaProcessing","cls":["<s>",1],"sep":["</s>",2]}`
	for _, test := range []struct {
		processors string
		want       []int32 // none: refused
	}{
		{`{"type":"ByteLevel"},` + roberta, []int32{1, 0, 2}},
		{roberta + `,{"type":"ByteLevel"}`, []int32{1, 0, 2}},
		{roberta + `,` + roberta, nil},
	} {
		tok, err := tokenizer.Load([]byte(`{"model":{"type":"WordLevel","vocab":{"a":0}},"post_processor":{"type":"Sequence","processors":[` + test.processors + `]}}`))
		if test.want == nil {
			if !errors.Is(err, tokenizer.ErrFormat) {
				t.Errorf("%s: %v, want %v", test.processors, err, tokenizer.ErrFormat)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := tok.AppendIDsSpecial(nil, "a"); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", test.processors, got, test.want)
		}
	}
}

func FuzzLoad(f *testing.F) {
	for _, path := range goldenFiles(f) {
		f.Add([]byte(readGolden(f, path).Tokenizer), "Some text، بعض النص <mask> ½")
	}
	f.Add([]byte(`{"model":`+tinyBPE+`}`), "ab")
	f.Add([]byte(`{"model":`+tinyUnigram+`,"pre_tokenizer":{"type":"Split","pattern":{"Regex":"\\s+(?!\\S)|\\s+"},"behavior":"Removed"}}`), " a  b")
	f.Fuzz(func(t *testing.T, file []byte, text string) {
		tok, err := tokenizer.Load(file)
		if err != nil {
			if !errors.Is(err, tokenizer.ErrFormat) {
				t.Errorf("error %v is not %v", err, tokenizer.ErrFormat)
			}
			return
		}
		checkIDs(t, tok, text)
		if written, err := tok.JSON(); err != nil || !json.Valid(written) {
			t.Errorf("written as %.200q, %v", written, err)
		}
	})
}

func FuzzAppendIDs(f *testing.F) {
	var all []*tokenizer.Tokenizer
	for i, path := range goldenFiles(f) {
		g := readGolden(f, path)
		tok, err := tokenizer.Load(g.Tokenizer)
		if err != nil {
			f.Fatal(err)
		}
		all = append(all, tok)
		for _, c := range g.Cases {
			if i == 0 { // the texts are the same in every file
				f.Add(c.Text)
			}
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, tok := range all {
			checkIDs(t, tok, text)
		}
	})
}

// checkIDs holds any tokenizer to what every one promises.
func checkIDs(t *testing.T, tok *tokenizer.Tokenizer, text string) {
	ids := tok.AppendIDs([]int32{-7}, text)
	if ids[0] != -7 {
		t.Fatal("what stood in dst was overwritten")
	}
	for _, id := range ids[1:] {
		if id < 0 || int(id) >= tok.Size() {
			t.Errorf("id %d, want 0 to %d", id, tok.Size()-1)
		}
	}
	if n := tok.Count(text); n != len(ids)-1 {
		t.Errorf("Count %d, want %d", n, len(ids)-1)
	}
	plain, _ := tok.WithoutMemo()
	if want := plain.AppendIDs([]int32{-7}, text); !slices.Equal(ids, want) {
		t.Errorf("remembered %v, plain %v", ids, want)
	}
}
