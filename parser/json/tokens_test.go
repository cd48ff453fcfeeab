package json_test

import (
	stdjson "encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"dalil/parser/json"
)

// plainRecords need no decoder.
var plainRecords = []string{
	`{"id":"a","title":"x y","text":"some text","tags":["a","b"],"metadata":{"k":1,"l":-0.5e+10,"m":true,"n":[],"o":{}}}`,
	"\t{ \"id\" : 12 , \"url\" :null,\r\n\"tags\" : [ \"a\" , false , [ 1 , [ ] ] ] }\n ",
	`{"text":"\"\\\/\b\f\n\r\tA\u0627","title":"الرباط"}`,
	`[{},{"a":[]},"x",0,10,0.25,1e3,-1E-2]  `,
}

// otherRecords have mistakes, or something that is left to the decoder.
var otherRecords = []string{
	`{"text":"\"\\\/\b\f\n\r\tA\u0627\ud83d\ude00","title":"الرباط"}`,
	strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), `["` + strings.Repeat("x", 100_000) + `"` + strings.Repeat(",[]", 5000) + `]`,
	``, ` `, `{`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `{"a":1 "b":2}`, `{"a" 1}`, `{,}`, `{1:2}`, `{"a"::1}`, `{"a":}`, `[1,]`, `[,1]`, `[1 2]`, `[`, `]`, `}`,
	`:`, `,`, `{]`, `[}`, `{"a":1]`, `[1}`, `"`, `"a`, `"a\`, `"a\"`, `"\u12"`, `"\u12g4"`, `"\x"`, "\"\t\"", "\"a\n\"", "\"\x00\"", "\"\\n\x01\"", `"\ud800"`, `"\ud800x"`, `"\ud800\n"`,
	`"\ud800\ud800"`, `"\udc00"`, `{"\ud800":"\udfff"}`, `01`, `[01]`, `[-]`, `[1.]`, `[.5]`, `[1e]`, `[1e+]`, `[+1]`, `[--1]`, `[1.e2]`, `[0x1]`, `[1a]`, `[tru]`, `[truee]`, `[nul`, `true`, `true false`,
	`1`, `{} {}`, `{} x`, `{"a":1} ,`, "\xff", "{\"a\":\"\xff\"}", "{\"\xe0\x80\":1}", `{"a":tru"e"}`, `[1"a"]`, `["a"1]`, `{"a":"b""c":"d"}`, "\u00a0{}",
}

// tokensOf lists all tokens and errors, asking for more before each.
func tokensOf(d interface {
	Token() (stdjson.Token, error)
	More() bool
},
) (all []string) {
	for range 1000 {
		more := d.More()
		token, err := d.Token()
		offset := int64(-1)
		if mistake := (*stdjson.SyntaxError)(nil); errors.As(err, &mistake) {
			offset = mistake.Offset
		}
		all = append(all, fmt.Sprintf("%v %T %q %T %v %d", more, token, fmt.Sprint(token), err, err, offset))
		if err != nil {
			return all
		}
	}
	return all
}

func compareTokens(t *testing.T, text string) (byDecoder bool) {
	t.Helper()
	decoder := stdjson.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	tokens := json.NewTokens(text)
	if got, want := tokensOf(tokens), tokensOf(decoder); !reflect.DeepEqual(got, want) {
		t.Fatalf("the tokens of %q are\n%s\nwant\n%s", text, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	return tokens.ByDecoder()
}

func TestTokensAreThoseOfTheDecoder(t *testing.T) {
	for _, text := range plainRecords {
		if compareTokens(t, text) {
			t.Errorf("%q is left to the decoder", text)
		}
	}
	if deep := strings.Repeat("[", 400) + strings.Repeat("]", 400); compareTokens(t, deep) {
		t.Errorf("%q is left to the decoder", deep)
	}
	for _, text := range otherRecords {
		if !compareTokens(t, text) && strings.Contains(text, `\ud`) {
			t.Errorf("%q is not left to the decoder", text)
		}
	}
	for _, text := range plainRecords { // wherever it ends, and whatever is left out
		for i := range text {
			compareTokens(t, text[:i])
			compareTokens(t, text[:i]+text[i+1:])
			compareTokens(t, text[:i]+`,`+text[i:])
		}
	}
}

func FuzzTokens(f *testing.F) {
	for _, text := range append(plainRecords, otherRecords...) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { compareTokens(t, text) })
}
