package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestGroundOnTheSeeds(t *testing.T) {
	data := t.TempDir()
	if code, _, errs := dalil(t, data, "", nil, "index", "../../seeds"); code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	const question = "When was the China network for international exchanges founded and with how many organisations?"
	code, out, errs := dalil(t, data, "Hello! The China NGO network for international exchanges was founded in October 2005.\n", nil, "ground", "--query", question)
	if code != 0 || !strings.Contains(out, "Support of the whole") || !strings.Contains(out, "   -  Hello!") {
		t.Errorf("exit %d, %s%s; want the support of the claims", code, out, errs)
	}
	code, out, errs = dalil(t, data, "The China NGO network was founded in 1871.", nil, "ground", "--query", question)
	if code != 0 || !strings.Contains(out, "      number 1871: the source has ") && !strings.Contains(out, "      number 1871: not in the source\n") {
		t.Errorf("exit %d, %s%s; want the number that the source does not have", code, out, errs)
	}
	code, out, errs = dalil(t, data, "The China NGO network was founded in 1871.", nil, "ground", "--json", "--query", question)
	var got struct {
		Claims []struct {
			NeedsSupport bool `json:"needs_support"`
			Support      float64
			Mismatches   []struct {
				Kind      string
				ClaimText string `json:"claim_text"`
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &got); code != 0 || err != nil {
		t.Fatalf("exit %d, %v: %s%s", code, err, out, errs)
	}
	if len(got.Claims) != 1 || !got.Claims[0].NeedsSupport || len(got.Claims[0].Mismatches) == 0 || got.Claims[0].Mismatches[0].Kind != "NUMBER" || got.Claims[0].Mismatches[0].ClaimText != "1871" {
		t.Errorf("a wrong year: %s", out)
	}
	for _, args := range [][]string{{"ground"}, {"ground", "--query", "q", "--passages", "x"}} {
		if code, _, errs := dalil(t, data, "a", nil, args...); code == 0 || !strings.Contains(errs, "--query") {
			t.Errorf("%v: exit %d, %s; want an error that names --query", args, code, errs)
		}
	}
	if code, _, errs := dalil(t, data, "", nil, "ground", "--query", "q"); code == 0 || !strings.Contains(errs, "answer") {
		t.Errorf("no answer: exit %d, %s", code, errs)
	}
	if code, _, errs := dalil(t, data, "a", nil, "ground", "--passages", "x"); code == 0 || !strings.Contains(errs, "--passages") {
		t.Errorf("a bad id: exit %d, %s", code, errs)
	}
}
