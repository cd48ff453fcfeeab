package server_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

func invalid(fields ...string) refusal {
	return refusal{Code: codes.InvalidArgument, Reason: "INVALID", Fields: fields}
}

func TestMetadataFiltersThatAreRefused(t *testing.T) {
	h := newBackend()
	r := serve(t, h, server.Options{})
	list := structpb.NewListValue(&structpb.ListValue{})
	day := timestamppb.New(time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC))
	type m = dalilv1.MetadataFilter
	for name, test := range map[string]struct {
		filter *m
		want   refusal
	}{
		"any of":                  {&m{Key: "k", Values: []*structpb.Value{structpb.NewStringValue(""), structpb.NewNumberValue(5), structpb.NewBoolValue(false)}}, refusal{}},
		"a range":                 {&m{Key: "k", Min: ptr(-1.5)}, refusal{}},
		"a prefix":                {&m{Key: "k", Prefix: ptr("p")}, refusal{}},
		"a period":                {&m{Key: "k", From: day}, refusal{}},
		"a key alone":             {&m{Key: "k"}, refusal{}},
		"existence":               {&m{Key: "k", Exists: ptr(true)}, refusal{}},
		"absence":                 {&m{Key: "k", Exists: ptr(false)}, refusal{}},
		"no key":                  {&m{Exists: ptr(false)}, invalid("filter.metadata.key")},
		"a list among values":     {&m{Key: "k", Values: []*structpb.Value{structpb.NewStringValue("a"), list}}, invalid("filter.metadata.values[1]")},
		"null among values":       {&m{Key: "k", Values: []*structpb.Value{structpb.NewNullValue()}}, invalid("filter.metadata.values[0]")},
		"an unset value":          {&m{Key: "k", Values: []*structpb.Value{{}}}, invalid("filter.metadata.values[0]")},
		"NaN among values":        {&m{Key: "k", Values: []*structpb.Value{structpb.NewNumberValue(math.NaN())}}, invalid("filter.metadata.values[0]")},
		"an infinite bound":       {&m{Key: "k", Max: ptr(math.Inf(1))}, invalid("filter.metadata.max")},
		"NaN as a bound":          {&m{Key: "k", Min: ptr(math.NaN())}, invalid("filter.metadata.min")},
		"an empty prefix":         {&m{Key: "k", Prefix: ptr("")}, invalid("filter.metadata.prefix")},
		"values and a range":      {&m{Key: "k", Values: []*structpb.Value{structpb.NewNumberValue(5)}, Min: ptr(1.0)}, invalid("filter.metadata")},
		"a prefix and a period":   {&m{Key: "k", Prefix: ptr("2024"), From: day}, invalid("filter.metadata")},
		"existence and a range":   {&m{Key: "k", Exists: ptr(true), Min: ptr(1.0)}, invalid("filter.metadata.exists")},
		"a period of no length":   {&m{Key: "k", From: day, Until: day}, invalid("filter.metadata.from")},
		"a time beyond the years": {&m{Key: "k", Until: &timestamppb.Timestamp{Seconds: 1 << 60}}, invalid("filter.metadata.until")},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "q", Filter: &dalilv1.Filter{Clause: &dalilv1.Filter_Metadata{Metadata: test.filter}}})
			if diff := cmp.Diff(test.want, refusalOf(err)); diff != "" {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
		})
	}
	_, err := r.documents.ListDocuments(t.Context(), &dalilv1.ListDocumentsRequest{PageSize: ptr(int32(0))})
	if err != nil {
		t.Errorf("a list of the default size: %v", err)
	}
	_, err = r.documents.ListDocuments(t.Context(), &dalilv1.ListDocumentsRequest{PageSize: ptr(int32(101))})
	if diff := cmp.Diff(invalid("page_size"), refusalOf(err)); diff != "" {
		t.Errorf("a list above the limit: error %v (-want +got):\n%s", err, diff)
	}
}

// said is a history of turns that say the same.
func said(turns int, text string) []*dalilv1.Turn {
	all := make([]*dalilv1.Turn, turns)
	for i := range all {
		all[i] = &dalilv1.Turn{Role: dalilv1.Role_ROLE_USER, Text: text}
	}
	return all
}

func TestSearchLimits(t *testing.T) {
	h := newBackend()
	r := serve(t, h, server.Options{})
	not := func(n int) *dalilv1.Filter {
		f := language("ar")
		for range n {
			f = &dalilv1.Filter{Clause: &dalilv1.Filter_Not{Not: f}}
		}
		return f
	}
	values := func(n int) *dalilv1.Filter {
		f := language("ar")
		f.GetIn().Values = strings.Split(strings.Repeat("v,", n-1)+"v", ",")
		return f
	}
	weight := func(d, l float32) *dalilv1.Fusion { return &dalilv1.Fusion{DenseWeight: &d, LexicalWeight: &l} }
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	type q = dalilv1.SearchRequest
	for name, test := range map[string]struct {
		req  *q
		want refusal
	}{
		"the longest question":      {&q{Query: strings.Repeat("x", 4096)}, refusal{}},
		"a longer one":              {&q{Query: strings.Repeat("x", 4097)}, invalid("query")},
		"bytes count, not letters":  {&q{Query: strings.Repeat("ع", 2049)}, invalid("query")},
		"no question":               {&q{}, invalid("query")},
		"white space":               {&q{Query: " \n\u2003"}, invalid("query")},
		"the largest page":          {&q{Query: "q", PageSize: ptr(int32(100))}, refusal{}},
		"a larger one":              {&q{Query: "q", PageSize: ptr(int32(101))}, invalid("page_size")},
		"page of the default size":  {&q{Query: "q", PageSize: ptr(int32(0))}, refusal{}},
		"negative page":             {&q{Query: "q", PageSize: ptr(int32(-1))}, invalid("page_size")},
		"most neighbours":           {&q{Query: "q", Neighbours: ptr(int32(5))}, refusal{}},
		"more neighbours":           {&q{Query: "q", Neighbours: ptr(int32(6))}, invalid("neighbours")},
		"effort":                    {&q{Query: "q", Effort: ptr(int32(0))}, invalid("effort")},
		"similarity above 1":        {&q{Query: "q", MinDenseSimilarity: ptr(float32(1.01))}, invalid("min_dense_similarity")},
		"similarity not a number":   {&q{Query: "q", MinDenseSimilarity: &nan}, invalid("min_dense_similarity")},
		"coverage below 0":          {&q{Query: "q", MinLexicalCoverage: ptr(float32(-0.01))}, invalid("min_lexical_coverage")},
		"an arm of the future":      {&q{Query: "q", Arms: []dalilv1.Arm{dalilv1.Arm_ARM_DENSE, 99}}, invalid("arms[1]")},
		"no arm":                    {&q{Query: "q", Arms: []dalilv1.Arm{dalilv1.Arm_ARM_UNSPECIFIED}}, invalid("arms[0]")},
		"a method of the future":    {&q{Query: "q", Fusion: &dalilv1.Fusion{Method: 9}}, invalid("fusion.method")},
		"k":                         {&q{Query: "q", Fusion: &dalilv1.Fusion{K: ptr(int32(1001))}}, invalid("fusion.k")},
		"weights of nothing":        {&q{Query: "q", Fusion: weight(0, 0)}, invalid("fusion")},
		"negative weight":           {&q{Query: "q", Fusion: weight(-1, 1)}, invalid("fusion.dense_weight")},
		"infinite weight":           {&q{Query: "q", Fusion: weight(1, inf)}, invalid("fusion.lexical_weight")},
		"several faults":            {&q{PageSize: ptr(int32(101)), Neighbours: ptr(int32(9))}, invalid("query", "page_size", "neighbours")},
		"an empty filter keeps all": {&q{Query: "q", Filter: &dalilv1.Filter{}}, refusal{}},
		"the longest history":       {&q{Query: "q", History: said(64, "word")}, refusal{}},
		"a longer history":          {&q{Query: "q", History: said(65, "word")}, invalid("history")},
		"most bytes of a history":   {&q{Query: "q", History: said(2, strings.Repeat("x", 16<<10))}, refusal{}},
		"more bytes of a history":   {&q{Query: "q", History: said(2, strings.Repeat("x", 16<<10+1))}, invalid("history")},
		"a turn of nobody":          {&q{Query: "q", History: []*dalilv1.Turn{{Text: "x"}}}, invalid("history[0].role")},
		"a turn without content":    {&q{Query: "q", History: said(1, "")}, invalid("history[0]")},
		"a turn with a wrong id": {&q{Query: "q", History: []*dalilv1.Turn{
			{Role: dalilv1.Role_ROLE_ASSISTANT, PassageIds: []string{"c9e92608-74b7-8bd1-b2fb-2a98f6500000", "x"}},
		}}, invalid("history[0].passage_ids[1]")},
		"most clauses": {&q{Query: "q", Filter: not(255)}, refusal{}},
		"more clauses": {&q{Query: "q", Filter: not(256)}, invalid("filter")},
		"deep clauses": {&q{Query: "q", Filter: not(4000)}, invalid("filter")},
		"most values":  {&q{Query: "q", Filter: values(256)}, refusal{}},
		"more values":  {&q{Query: "q", Filter: values(257)}, invalid("filter")},
		"a field of the future": {&q{Query: "q", Filter: &dalilv1.Filter{Clause: &dalilv1.Filter_In{
			In: &dalilv1.FieldFilter{Field: 77, Values: []string{"v"}},
		}}}, invalid("filter.in.field")},
		"an empty list": {&q{Query: "q", Filter: &dalilv1.Filter{Clause: &dalilv1.Filter_Any{Any: &dalilv1.FilterList{}}}}, invalid("filter.any.filters")},
		"an empty inner filter": {&q{Query: "q", Filter: &dalilv1.Filter{Clause: &dalilv1.Filter_All{
			All: &dalilv1.FilterList{Filters: []*dalilv1.Filter{{}}},
		}}}, invalid("filter.all.filters[0]")},
		"a time that is none": {&q{Query: "q", Filter: &dalilv1.Filter{Clause: &dalilv1.Filter_Published{
			Published: &dalilv1.PublishedFilter{Until: &timestamppb.Timestamp{Nanos: -1}},
		}}}, invalid("filter.published.until")},
		"a weight that is too much": {&q{Query: "q", Fusion: weight(1, 1001)}, invalid("fusion.lexical_weight")},
		"a huge weight":             {&q{Query: "q", Fusion: weight(3e38, 3e38)}, invalid("fusion.dense_weight", "fusion.lexical_weight")},
		"zero width alone":          {&q{Query: "\u200b\u200f\ufeff\u00ad\x00\x7f"}, invalid("query")},
		"punctuation alone":         {&q{Query: "؟! …"}, invalid("query")},
		"marks alone":               {&q{Query: "\u064b\u0301"}, invalid("query")},
		"a symbol":                  {&q{Query: "€"}, refusal{}},
		"an emoji":                  {&q{Query: "😀"}, refusal{}},
		"a digit":                   {&q{Query: "٣"}, refusal{}},
		"large values":              {&q{Query: "q", Filter: languages(strings.Repeat("x", 32<<10+1))}, invalid("filter")},
		"largest values":            {&q{Query: "q", Filter: languages(strings.Repeat("x", 32<<10))}, refusal{}},
		"min above max": {&q{Query: "q", Filter: &dalilv1.Filter{Clause: &dalilv1.Filter_Metadata{
			Metadata: &dalilv1.MetadataFilter{Key: "k", Min: ptr(2.0), Max: ptr(1.0)},
		}}}, invalid("filter.metadata.min")},
		"from behind until": {&q{Query: "q", Filter: &dalilv1.Filter{Clause: &dalilv1.Filter_Not{Not: &dalilv1.Filter{Clause: &dalilv1.Filter_Published{
			Published: &dalilv1.PublishedFilter{From: &timestamppb.Timestamp{Seconds: 2}, Until: &timestamppb.Timestamp{Seconds: 1}},
		}}}}}, invalid("filter.not.published.from")},
		"no values": {&q{Query: "q", Filter: languages()}, invalid("filter.in.values")},
		"metadata without a key": {&q{Query: "q", Filter: &dalilv1.Filter{Clause: &dalilv1.Filter_Metadata{
			Metadata: &dalilv1.MetadataFilter{},
		}}}, invalid("filter.metadata.key")},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(h.asked())
			_, err := r.search.Search(t.Context(), test.req)
			if diff := cmp.Diff(test.want, refusalOf(err)); diff != "" {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
			if asked := len(h.asked()) > before; asked != (err == nil) {
				t.Errorf("the searcher was asked: %v", asked)
			}
		})
	}
}

func TestDocumentLimits(t *testing.T) {
	h := newBackend()
	limits := server.DefaultLimits()
	limits.DocumentBytes, limits.MetadataBytes, limits.DocumentIDBytes = 1000, 100, 10
	r := serve(t, h, server.Options{Limits: limits})
	type in = dalilv1.DocumentInput
	text := func(s string) *dalilv1.DocumentInput_Text { return &dalilv1.DocumentInput_Text{Text: s} }
	body := func(n int) *dalilv1.DocumentInput_Body {
		return &dalilv1.DocumentInput_Body{Body: &dalilv1.Body{Data: make([]byte, n)}}
	}
	for name, test := range map[string]struct {
		document *in
		want     refusal
	}{
		"the largest text":  {&in{DocumentId: "a", Content: text(strings.Repeat("x", 1000))}, refusal{}},
		"a larger text":     {&in{DocumentId: "a", Content: text(strings.Repeat("x", 1001))}, invalid("document.text")},
		"the largest body":  {&in{DocumentId: "a", Content: body(1000)}, refusal{}},
		"a larger body":     {&in{DocumentId: "a", Content: body(1001)}, invalid("document.body.data")},
		"an empty body":     {&in{DocumentId: "a", Content: body(0)}, invalid("document.body.data")},
		"an empty text":     {&in{DocumentId: "a", Content: text("")}, invalid("document.text")},
		"no content":        {&in{DocumentId: "a"}, invalid("document")},
		"no document":       {nil, invalid("document")},
		"the longest id":    {&in{DocumentId: strings.Repeat("x", 10), Content: text("t")}, refusal{}},
		"a longer id":       {&in{DocumentId: strings.Repeat("x", 11), Content: text("t")}, invalid("document.document_id")},
		"no id":             {&in{Content: text("t")}, invalid("document.document_id")},
		"an id with a NUL":  {&in{DocumentId: "a\x00b", Content: text("t")}, invalid("document.document_id")},
		"much metadata":     {&in{DocumentId: "a", Content: text("t"), Metadata: map[string]*structpb.Value{"k": structpb.NewStringValue(strings.Repeat("v", 97))}}, refusal{}},
		"no language":       {&in{DocumentId: "a", Content: text("t"), Language: "Klingonish tongue"}, invalid("document.language")},
		"half a language":   {&in{DocumentId: "a", Content: text("t"), Language: "ar-"}, invalid("document.language")},
		"a regional one":    {&in{DocumentId: "a", Content: text("t"), Language: "ar-EG"}, refusal{}},
		"more metadata":     {&in{DocumentId: "a", Content: text("t"), Metadata: map[string]*structpb.Value{"k": structpb.NewStringValue(strings.Repeat("v", 98))}}, invalid("document")},
		"more tags":         {&in{DocumentId: "a", Content: text("t"), Tags: make([]string, 51)}, invalid("document")},
		"metadata of null":  {&in{DocumentId: "a", Content: text("t"), Metadata: map[string]*structpb.Value{"k": structpb.NewNullValue()}}, invalid("document.metadata.k")},
		"an unset value":    {&in{DocumentId: "a", Content: text("t"), Metadata: map[string]*structpb.Value{"k": {}}}, invalid("document.metadata.k")},
		"NaN":               {&in{DocumentId: "a", Content: text("t"), Metadata: map[string]*structpb.Value{"k": structpb.NewNumberValue(math.NaN())}}, invalid("document.metadata.k")},
		"infinities":        {&in{DocumentId: "a", Content: text("t"), Metadata: map[string]*structpb.Value{"b": structpb.NewNumberValue(math.Inf(-1)), "a": structpb.NewNumberValue(math.Inf(1))}}, invalid("document.metadata.a", "document.metadata.b")},
		"an object":         {&in{DocumentId: "a", Content: text("t"), Metadata: map[string]*structpb.Value{"k": structpb.NewStructValue(&structpb.Struct{})}}, invalid("document.metadata.k")},
		"a list of numbers": {&in{DocumentId: "a", Content: text("t"), Metadata: map[string]*structpb.Value{"k": structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{structpb.NewNumberValue(1)}})}}, invalid("document.metadata.k")},
		"a key with a NUL":  {&in{DocumentId: "a", Content: text("t"), Metadata: map[string]*structpb.Value{"k\x00": structpb.NewStringValue("v")}}, invalid("document.metadata")},
		"a key with a line": {&in{DocumentId: "a", Content: text("t"), Metadata: map[string]*structpb.Value{"k\n": structpb.NewStringValue("v")}}, invalid("document.metadata")},
		"a key of nothing":  {&in{DocumentId: "a", Content: text("t"), Metadata: map[string]*structpb.Value{"": structpb.NewStringValue("v")}}, invalid("document.metadata")},
		"a time of no year": {&in{DocumentId: "a", Content: text("t"), PublishedAt: &timestamppb.Timestamp{Seconds: 1 << 60}}, invalid("document.published_at")},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := r.documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{Document: test.document})
			if diff := cmp.Diff(test.want, refusalOf(err)); diff != "" {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestOtherLimits(t *testing.T) {
	r := serve(t, newBackend(), server.Options{})
	ids := func(n int) []string {
		all := make([]string, n)
		for i := range all {
			all[i] = corpus.NewChunkID(fmt.Sprint(i), "r", 0).String()
		}
		return all
	}
	for name, test := range map[string]struct {
		call func(ctx context.Context) error
		want refusal
	}{
		"no passages":   {func(ctx context.Context) error { return passagesOf(ctx, r, nil) }, invalid("passage_ids")},
		"most passages": {func(ctx context.Context) error { return passagesOf(ctx, r, ids(100)) }, refusal{}},
		"more passages": {func(ctx context.Context) error { return passagesOf(ctx, r, ids(101)) }, invalid("passage_ids")},
		"no UUID": {func(ctx context.Context) error {
			return passagesOf(ctx, r, append(ids(1), "secret"))
		}, invalid("passage_ids[1]")},
		"a long list": {func(ctx context.Context) error {
			_, err := r.documents.ListDocuments(ctx, &dalilv1.ListDocumentsRequest{PageSize: ptr(int32(101))})
			return err
		}, invalid("page_size")},
		"get nothing": {func(ctx context.Context) error {
			_, err := r.documents.GetDocument(ctx, &dalilv1.GetDocumentRequest{})
			return err
		}, invalid("document_id")},
		"delete nothing": {func(ctx context.Context) error {
			_, err := r.documents.DeleteDocument(ctx, &dalilv1.DeleteDocumentRequest{})
			return err
		}, invalid("document_id")},
	} {
		t.Run(name, func(t *testing.T) {
			err := test.call(t.Context())
			if diff := cmp.Diff(test.want, refusalOf(err)); diff != "" {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func passagesOf(ctx context.Context, r *running, ids []string) error {
	_, err := r.search.GetPassages(ctx, &dalilv1.GetPassagesRequest{PassageIds: ids})
	return err
}

func languages(values ...string) *dalilv1.Filter {
	return &dalilv1.Filter{Clause: &dalilv1.Filter_In{In: &dalilv1.FieldFilter{Field: dalilv1.FilterField_FILTER_FIELD_LANGUAGE, Values: values}}}
}

// What nobody sees of a question is not asked for.
func TestUnseenCharactersOfAQuestion(t *testing.T) {
	h := newBackend()
	r := serve(t, h, server.Options{})
	for asked, want := range map[string]string{
		"po\u200bverty\u00ad reduc\u2060tion":    "poverty reduction",
		"\u202bالفقر\u202c\x00":                  "الفقر",
		" \ufeffa\tb\n":                          "a b",
		"\u0601٢٠٢٤":                             "\u0601٢٠٢٤", // the Arabic sign of a year is seen
		"e\u0301tude, \u2764\ufe0f and #1: x≠y?": "e\u0301tude, \u2764 and #1: x≠y?",
	} {
		if _, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: asked}); err != nil {
			t.Errorf("%q: %v", asked, err)
			continue
		}
		all := h.asked()
		if got := all[len(all)-1].Text; got != want {
			t.Errorf("%q was asked as %q, want %q", asked, got, want)
		}
	}
}
