package main

import (
	"slices"
	"strings"
	"testing"

	dalilv1 "dalil/proto/dalil/v1"
	"dalil/proto/wirejson"
)

func TestFiltersOfTheCommandLine(t *testing.T) {
	for _, test := range []struct {
		conditions []string
		want       string // the filter as JSON
	}{
		{nil, ""},
		{[]string{"year=2022"}, `{"metadata":{"key":"year","values":[2022]}}`},
		{[]string{`year="2022"`}, `{"metadata":{"key":"year","values":["2022"]}}`},
		{[]string{`kind=x, "a, b" ,true,-1.5e3,007,`}, "error: has an empty value"},
		{[]string{`kind=x, "a, b" ,true,-1.5e3,007`}, `{"metadata":{"key":"kind","values":["x","a, b",true,-1500,"007"]}}`},
		{[]string{"url=https://a.example/?q=1"}, `{"metadata":{"key":"url","values":["https://a.example/?q=1"]}}`},
		{[]string{`"a=b" = c`}, `{"metadata":{"key":"a=b","values":["c"]}}`},
		{[]string{"القسم=محليات"}, `{"metadata":{"key":"القسم","values":["محليات"]}}`},
		{[]string{"draft!=true"}, `{"not":{"metadata":{"key":"draft","values":[true]}}}`},
		{[]string{"year"}, `{"metadata":{"key":"year","values":[]}}`},
		{[]string{"!year"}, `{"not":{"metadata":{"key":"year","values":[]}}}`},
		{[]string{"section^=news/"}, `{"metadata":{"key":"section","values":[],"prefix":"news/"}}`},
		{[]string{"year>=2000"}, `{"metadata":{"key":"year","values":[],"min":2000}}`},
		{[]string{"year>=2000", "year<2010"}, `{"metadata":{"key":"year","values":[],"min":2000,"max":2009.9999999999998}}`},
		{[]string{"year<=2010", "year>2000"}, `{"metadata":{"key":"year","values":[],"min":2000.0000000000002,"max":2010}}`},
		{[]string{"year>=2000", "year>=2010"}, `{"all":{"filters":[{"metadata":{"key":"year","values":[],"min":2000}},{"metadata":{"key":"year","values":[],"min":2010}}]}}`},
		{[]string{"at>=2024-05-01", "at<=2024-05-01T12:00:00+02:00"}, `{"metadata":{"key":"at","values":[],"from":"2024-05-01T00:00:00Z","until":"2024-05-01T10:00:00.000001Z"}}`},
		{[]string{"at>2024-05-01", "b<2024-05-01"}, `{"all":{"filters":[{"metadata":{"key":"at","values":[],"from":"2024-05-01T00:00:00.000001Z"}},{"metadata":{"key":"b","values":[],"until":"2024-05-01T00:00:00Z"}}]}}`},
		{[]string{"id=9007199254740993"}, "error: which is a whole number beyond 2^53"},
		{[]string{"year>=soon"}, "error: has the bound"},
		{[]string{"=x"}, "error: has no key"},
		{[]string{""}, "error: has no key"},
		{[]string{"k="}, "error: has an empty value"},
		{[]string{`k="a`}, "error: has a quotation mark that is not closed"},
		{[]string{`k="a"b`}, "error: has text after a closing quotation mark"},
		{[]string{"k^="}, "error: has no prefix"},
		{[]string{"year==2022"}, "error: has ==; write ="},
		{[]string{`"k"!==v`}, "error: has !==; write !="},
		{[]string{`k="=v"`}, `{"metadata":{"key":"k","values":["=v"]}}`},
		{[]string{"!k=v"}, "error: \"!\" may only be in front of a key without a value; write KEY!=VALUE to exclude a value"},
	} {
		got := ""
		f, err := (&filterFlags{Filter: test.conditions}).filter()
		if f != nil {
			line, err := wirejson.Marshal(f)
			if err != nil {
				t.Fatal(err)
			}
			got = string(line)
		}
		if want, refused := strings.CutPrefix(test.want, "error: "); refused {
			if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "--filter: ") {
				t.Errorf("%q: filter %s, error %v, want one that says %q", test.conditions, got, err, want)
			}
		} else if err != nil || got != test.want {
			t.Errorf("%q: error %v\ngot  %s\nwant %s", test.conditions, err, got, test.want)
		}
	}
}

// Metadata keeps its types from a record to an answer, an export and back.
func TestMetadataFromEndToEnd(t *testing.T) {
	data := t.TempDir()
	records := `{"id":"a","text":"The bridge over the river was opened.","metadata":{"kind":"x","year":2022,"draft":false,"tags":["a","b"],"at":"2024-05-01T12:00:00+02:00"}}
{"id":"b","text":"The bridge over the river was closed.","metadata":{"kind":"xy","year":"2022","draft":true,"tags":[],"at":"2024-06-01"}}
{"id":"c","text":"The bridge over the river was painted."}
`
	if code, out, errs := dalil(t, data, records, nil, "index", "-"); code != 0 {
		t.Fatalf("index: %d\n%s%s", code, out, errs)
	}
	check := func(data string) {
		t.Helper()
		for filter, want := range map[string]string{
			"year=2022": "a", `year="2022"`: "b", "year>=2000": "a", "year<2000": "", "kind^=x": "a b", "kind=x,xy": "a b", "kind!=x": "b c",
			"draft": "a b", "!draft": "c", "draft=false": "a", "tags=b": "a", "tags": "a b", "at>=2024-05-02": "b", "at<2024-05-01T10:00:00.001Z": "a",
			"absent": "", "year=true": "",
		} {
			code, out, errs := dalil(t, data, "", nil, "search", "--json", "--filter", filter, "bridge river")
			answer := &dalilv1.SearchResponse{}
			if err := wirejson.Unmarshal([]byte(out), answer); code != 0 || err != nil {
				t.Fatalf("%s: %d, %v\n%s%s", filter, code, err, out, errs)
			}
			var ids []string
			for _, p := range answer.GetPassages() {
				ids = append(ids, p.GetDocument().GetDocumentId())
			}
			slices.Sort(ids)
			if got := strings.Join(ids, " "); got != want {
				t.Errorf("--filter '%s' found %q, want %q", filter, got, want)
			}
		}
		_, out, _ := dalil(t, data, "", nil, "search", "--json", "--filter", "year=2022", "bridge")
		if want := `"metadata":{"at":"2024-05-01T12:00:00+02:00","draft":false,"kind":"x","tags":["a","b"],"year":2022}`; !strings.Contains(out, want) {
			t.Errorf("the answer does not contain %s:\n%s", want, out)
		}
	}
	check(data)
	_, exported, _ := dalil(t, data, "", nil, "export", "-")
	again := t.TempDir()
	if code, out, errs := dalil(t, again, exported, nil, "index", "-"); code != 0 {
		t.Fatalf("index what was exported: %d\n%s%s", code, out, errs)
	}
	check(again)
	archive := t.TempDir() + "/index.tar"
	if code, out, errs := dalil(t, data, "", nil, "backup", "create", archive); code != 0 {
		t.Fatalf("backup: %d\n%s%s", code, out, errs)
	}
	restored := t.TempDir()
	if code, out, errs := dalil(t, restored, "", nil, "restore", archive); code != 0 {
		t.Fatalf("restore: %d\n%s%s", code, out, errs)
	}
	check(restored)
}

func TestInfo(t *testing.T) {
	data := t.TempDir()
	if code, _, errs := dalil(t, data, `{"id":"a","text":"A text."}`, nil, "index", "-"); code != 0 {
		t.Fatal(errs)
	}
	code, out, errs := dalil(t, data, "", nil, "info", "--json")
	info := &dalilv1.GetInfoResponse{}
	if err := wirejson.Unmarshal([]byte(out), info); code != 0 || err != nil || info.GetStore() != "local" || !strings.Contains(out, `"arms":["DENSE","LEXICAL"]`) ||
		!strings.Contains(out, `"max_page_size":100`) {
		t.Errorf("info --json: %d, %v\n%s%s", code, err, out, errs)
	}
	if _, out, _ := dalil(t, data, "", nil, "info"); !strings.Contains(out, "store       local") || !strings.Contains(out, "arms        dense, lexical") {
		t.Errorf("info:\n%s", out)
	}
}
