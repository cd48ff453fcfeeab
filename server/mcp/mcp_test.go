package mcp_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"dalil/corpus"
)

type found struct {
	Results []struct {
		ID, Title, URL, Text string
		PassageID            string `json:"passage_id"`
	}
	LeftOut string `json:"left_out"`
}

func TestSearchInBothLanguages(t *testing.T) {
	s := connect(t, library()...)
	for _, c := range []struct{ query, want string }{
		{"fish heart injury", "news/heart"}, {"قلب السمكة", "news/heart"}, {"poverty reduction", "الفقر"}, {"التعاون للحد من الفقر", "الفقر"},
	} {
		var answer found
		text, failed := call(t, s, "search", map[string]any{"query": c.query}, &answer)
		if failed || len(answer.Results) == 0 || answer.Results[0].ID != c.want {
			t.Fatalf("%s: %s", c.query, text)
		}
		first := answer.Results[0]
		if first.Title == "" || first.URL == "" || first.Text == "" || first.PassageID == "" {
			t.Errorf("%s: %+v", c.query, first)
		}
		if !json.Valid([]byte(text)) {
			t.Errorf("the text is not JSON: %s", text)
		}
	}
}

// Quotation marks and a minus are plain text, unless query_syntax asks for them.
func TestSearchReadsPlainText(t *testing.T) {
	s := connect(t, library()...)
	for _, c := range []struct {
		query  string
		syntax bool
		want   bool
	}{
		{`what does "zzz qqq" mean for fish hearts?`, false, true},
		{`what does "zzz qqq" mean for fish hearts?`, true, false},
		{"-fish", false, true},
		{"hearts -fish", false, true},
		{`"fish hearts"`, true, false},
		{`"zebrafish hearts"`, true, true},
	} {
		arguments := map[string]any{"query": c.query}
		if c.syntax {
			arguments["query_syntax"] = true
		}
		var answer found
		text, failed := call(t, s, "search", arguments, &answer)
		if failed || strings.Contains(text, "news/heart") != c.want {
			t.Errorf("%s, query_syntax %t: %s", c.query, c.syntax, text)
		}
	}
}

// The smallest budget holds an answer of every tool, and the default one several results.
func TestBudgetsHoldAnAnswer(t *testing.T) {
	seeds, err := filepath.Glob("../../seeds/*.txt")
	if err != nil || len(seeds) != 5 {
		t.Fatal(err, seeds)
	}
	var documents []corpus.Raw
	for _, path := range seeds {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		documents = append(documents, article(strings.TrimSuffix(filepath.Base(path), ".txt"), "", string(text)))
	}
	s := connect(t, documents...)
	for _, query := range []string{"Who opened the symposium on poverty?", "من افتتح ندوة الحد من الفقر؟", "متى عقد منتدى المدن العربية الصينية؟", "vaccine partnership"} {
		for _, tokens := range []int{500, 600, 2000} {
			var answer found
			text, failed := call(t, s, "search", map[string]any{"query": query, "max_tokens": tokens}, &answer)
			if failed || len(answer.Results) == 0 || tokens == 2000 && len(answer.Results) < 3 {
				t.Errorf("%s, %d tokens: %s", query, tokens, text)
			}
			for _, r := range answer.Results {
				if r.Text == "" || utf8.RuneCountInString(r.Text) > 200 {
					t.Errorf("%s, %d tokens: text %q", query, tokens, r.Text)
				}
			}
			if text, failed := call(t, s, "get_context", map[string]any{"query": query, "max_tokens": tokens}, nil); failed {
				t.Errorf("%s, %d tokens: %s", query, tokens, text)
			}
		}
	}
	for _, tokens := range []int{500, 600} {
		if text, failed := call(t, s, "list_sources", map[string]any{"max_tokens": tokens}, nil); failed {
			t.Error(text)
		}
		if text, failed := call(t, s, "fetch", map[string]any{"id": "001_9b34745794db2986", "max_tokens": tokens}, nil); failed {
			t.Error(text)
		}
	}
}

func TestSearchSaysWhatTheBudgetKeepsOut(t *testing.T) {
	var documents []corpus.Raw
	for i := range 40 {
		documents = append(documents, article(fmt.Sprint("harbour-", i), fmt.Sprintf("Harbour %d", i), fmt.Sprintf("Ship number %d entered the harbour in the morning.", i)))
	}
	s := connect(t, documents...)
	var small, large found
	if text, failed := call(t, s, "search", map[string]any{"query": "ship harbour", "limit": 30, "max_tokens": 900}, &small); failed {
		t.Fatal(text)
	}
	call(t, s, "search", map[string]any{"query": "ship harbour", "limit": 30, "max_tokens": 20_000}, &large)
	if len(small.Results) == 0 || len(small.Results) >= 30 || !strings.Contains(small.LeftOut, fmt.Sprint(30-len(small.Results))) {
		t.Errorf("%d results of 30, left out: %q", len(small.Results), small.LeftOut)
	}
	if len(large.Results) != 30 || large.LeftOut != "" {
		t.Errorf("%d results of 30, left out: %q", len(large.Results), large.LeftOut)
	}
}

// A small budget shortens the texts, and never cuts a letter from its accent.
func TestASmallBudgetShortensTextsBetweenWords(t *testing.T) {
	s := connect(t, article("accents", "Harbour", strings.Repeat("e\u0301", 300)), article("words", "Lighthouse", strings.Repeat("يُسْتَعْمَل ", 60)))
	for query, unit := range map[string]string{"harbour": "e\u0301", "lighthouse": "يُسْتَعْمَل "} {
		var answer found
		if text, failed := call(t, s, "search", map[string]any{"query": query, "limit": 1, "max_tokens": 500}, &answer); failed {
			t.Fatal(text)
		}
		text, cut := strings.CutSuffix(answer.Results[0].Text, "…")
		if n := utf8.RuneCountInString(text); !cut || n < 30 || n >= 100 {
			t.Errorf("%s: %d code points of %q, want 30 to 99", query, n, text)
		}
		if rest := strings.ReplaceAll(text+" ", unit, ""); strings.TrimSpace(rest) != "" {
			t.Errorf("%s: %q is cut inside of %q", query, text, unit)
		}
	}
}

func TestFetchReadsALongTextInParts(t *testing.T) {
	s := connect(t, library()...)
	var whole strings.Builder
	offset, calls := 0, 0
	for {
		var part struct {
			ID, Title, Text, URL string
			Bytes                int
			NextOffset           int    `json:"next_offset"`
			LeftOut              string `json:"left_out"`
		}
		if text, failed := call(t, s, "fetch", map[string]any{"id": "ship", "offset": offset}, &part); failed {
			t.Fatal(text)
		}
		if !utf8.ValidString(part.Text) || part.ID != "ship" || part.Title != "السفينة" {
			t.Fatalf("%+v", part)
		}
		whole.WriteString(part.Text)
		if calls++; part.NextOffset == 0 {
			if whole.Len() != part.Bytes {
				t.Errorf("%d bytes of %d", whole.Len(), part.Bytes)
			}
			break
		}
		if part.LeftOut == "" || part.NextOffset <= offset {
			t.Fatalf("%+v", part)
		}
		offset = part.NextOffset
	}
	if want := strings.TrimSpace(library()[2].Document.Text); whole.String() != want || calls < 3 {
		t.Errorf("%d bytes in %d calls, want %d bytes", whole.Len(), calls, len(want))
	}
}

func TestFetchOfAPassageBeginsAtThePassage(t *testing.T) {
	s := connect(t, library()...)
	var answer found
	call(t, s, "search", map[string]any{"query": "الجملة رقم 300"}, &answer)
	var part struct {
		ID, Text string
		Offset   int
	}
	if text, failed := call(t, s, "fetch", map[string]any{"id": answer.Results[0].PassageID}, &part); failed || part.ID != "ship" || part.Offset == 0 {
		t.Errorf("%s", text)
	}
}

func TestAnAnswerIsCheckedInBothLanguages(t *testing.T) {
	s := connect(t, library()...)
	for _, c := range []struct{ query, right, wrong string }{
		{"What regenerates after an injury?", "Zebrafish hearts regenerate after an injury.", "The pyramids of Mexico were painted blue in 1310."},
		{"poverty reduction", "البرنامج يعمل على الحد من الفقر في الريف.", "افتتح الملك متحف السيارات في باريس سنة 1987."},
	} {
		var context built
		call(t, s, "get_context", map[string]any{"query": c.query}, &context)
		if len(context.Blocks) == 0 {
			t.Fatalf("no context for %q", c.query)
		}
		for _, sources := range []map[string]any{{"passage_ids": context.Blocks[0].PassageIDs}, {"query": c.query}} {
			var answer struct {
				Claims []struct {
					Text      string
					Support   *float64
					Citations []string
				}
			}
			sources["answer"] = c.right + " " + c.wrong
			text, failed := call(t, s, "check_grounding", sources, &answer)
			if failed || len(answer.Claims) != 2 || answer.Claims[0].Support == nil || answer.Claims[1].Support == nil {
				t.Fatalf("%v: %s", sources, text)
			}
			weak, strong := answer.Claims[0], answer.Claims[1]
			if !strings.Contains(weak.Text, strings.Fields(c.wrong)[1]) || *weak.Support >= 0.5 || *strong.Support < 0.5 || len(strong.Citations) == 0 {
				t.Errorf("%v: %s", sources, text)
			}
		}
	}
	for _, bad := range []map[string]any{{"answer": "x"}, {"answer": "", "query": "x"}, {"answer": "x", "passage_ids": []string{"y"}}} {
		if text, failed := call(t, s, "check_grounding", bad, nil); !failed || strings.Contains(text, "texts") { // the tool has no such argument
			t.Errorf("%v: %s", bad, text)
		}
	}
}

func TestThePromptHasQuestionAndPassages(t *testing.T) {
	s := connect(t, library()...)
	result, err := s.GetPrompt(t.Context(), &sdk.GetPromptParams{Name: "answer_with_citations", Arguments: map[string]string{"question": "ما هو برنامج الحد من الفقر؟"}})
	if err != nil || len(result.Messages) != 1 {
		t.Fatalf("%v, %+v", err, result)
	}
	text := result.Messages[0].Content.(*sdk.TextContent).Text
	for _, want := range []string{"ما هو برنامج الحد من الفقر؟", "يعمل البرنامج على الحد من الفقر", "[1]"} {
		if !strings.Contains(text, want) {
			t.Errorf("the prompt does not contain %q:\n%s", want, text)
		}
	}
	if strings.Index(text, "Question: ") < strings.Index(text, "[1] ") || !strings.Contains(text, "Whether the passages answer: ") {
		t.Errorf("the question is not after the passages, or the evidence is missing:\n%s", text)
	}
	if _, err := s.GetPrompt(t.Context(), &sdk.GetPromptParams{Name: "answer_with_citations"}); err == nil || !strings.Contains(err.Error(), "question") {
		t.Errorf("a prompt without a question: %v", err)
	}
}

func TestSourcesAreListedInPages(t *testing.T) {
	var documents []corpus.Raw
	for i := range 120 {
		documents = append(documents, article(fmt.Sprintf("d%03d", i), "A title", "Some text."))
	}
	s := connect(t, documents...)
	seen := map[string]bool{}
	cursor := ""
	for range 50 {
		var page struct {
			Documents int
			Languages map[string]int
			Sources   []struct{ ID string }
			Next      string `json:"next_cursor"`
		}
		arguments := map[string]any{"max_tokens": 1500}
		if cursor != "" {
			arguments["cursor"] = cursor
		}
		if text, failed := call(t, s, "list_sources", arguments, &page); failed || page.Documents != 120 {
			t.Fatal(text)
		}
		for _, d := range page.Sources {
			if seen[d.ID] {
				t.Errorf("%s is listed twice", d.ID)
			}
			seen[d.ID] = true
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if len(seen) != 120 {
		t.Errorf("%d of 120 documents are listed", len(seen))
	}
}

func TestErrorsNameTheArgument(t *testing.T) {
	s := connect(t, library()...)
	for _, c := range []struct {
		tool      string
		arguments map[string]any
		want      string
	}{
		{"search", map[string]any{}, "query: is missing"},
		{"search", map[string]any{"query": " "}, "query: "},
		{"search", map[string]any{"query": "x", "limit": 0}, "limit: must be 1 to 50, is 0"},
		{"search", map[string]any{"query": "x", "limit": "3"}, "limit: must be of type integer, is string"},
		{"search", map[string]any{"query": "x", "limt": 3}, "limt: is not an argument of this tool; its arguments are "},
		{"search", map[string]any{"query": "x", "max_tokens": 10}, "max_tokens: must be 500 to 25000, is 10"},
		{"search", map[string]any{"query": strings.Repeat("word ", 10_000)}, "query: "},
		{"fetch", map[string]any{"id": "none"}, "Call search or list_sources"},
		{"fetch", map[string]any{"id": "ship", "offset": 1 << 29}, "offset: "},
		{"list_sources", map[string]any{"cursor": "?"}, "cursor: "},
		{"get_context", map[string]any{"query": "x", "history": []map[string]any{{"role": "nobody"}}}, "history[0].role: must be USER or ASSISTANT"},
		{"get_context", map[string]any{"query": "x", "history": []map[string]any{{"role": "USER"}}}, "history[0]: "},
		{"get_context", map[string]any{"query": "x", "history": "before"}, "history: must be of type array, is string"},
	} {
		if text, failed := call(t, s, c.tool, c.arguments, nil); !failed || !strings.Contains(text, c.want) {
			t.Errorf("%s %v: failed %v, %q does not contain %q", c.tool, c.arguments, failed, text, c.want)
		}
	}
}

func TestDocumentsAreResources(t *testing.T) {
	s := connect(t, library()...)
	for _, uri := range []string{"dalil://document/news%2Fheart", "dalil://document/news/heart", "dalil://document/الفقر"} {
		result, err := s.ReadResource(t.Context(), &sdk.ReadResourceParams{URI: uri})
		if err != nil || len(result.Contents) != 1 || result.Contents[0].Text == "" {
			t.Errorf("%s: %v, %+v", uri, err, result)
		}
	}
	if _, err := s.ReadResource(t.Context(), &sdk.ReadResourceParams{URI: "dalil://document/none"}); err == nil {
		t.Error("a document that does not exist was read")
	}
}

func TestOnlyUsedCapabilitiesAreAdvertised(t *testing.T) {
	data, err := json.Marshal(connect(t).InitializeResult().Capabilities)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(data), `{"prompts":{},"resources":{},"tools":{}}`; got != want {
		t.Errorf("capabilities: %s, want %s", got, want)
	}
}
