package main

import (
	"strings"
	"testing"
)

// An empty address turns a port off. An empty value of what protects a server is an error.
func TestEmptyFlags(t *testing.T) {
	code, out, errs := dalil(t, "", "", []string{"DALIL_HTTP=127.0.0.1:7812"}, "config", "--admin", "", "--http=")
	if code != 0 || !strings.Contains(out, "\nadmin: \"\"") || !strings.Contains(out, "\nhttp: \"\"") {
		t.Errorf("got %d\n%s%s", code, out, errs)
	}
	for _, test := range []struct {
		environment []string
		flags       []string
		want        string
	}{
		{[]string{"DALIL_ACCESS_KEYS="}, nil, "environment: access.keys: has no value"},
		{nil, []string{"--keys", ""}, "setting: access.keys: has no value"},
		{nil, []string{"--set", "access.jwt.issuer="}, "setting: access.jwt.issuer: has no value"},
	} {
		if code, _, errs := dalil(t, "", "", test.environment, append([]string{"config"}, test.flags...)...); code != 1 || !strings.Contains(errs, test.want) {
			t.Errorf("%v %v: got %d %s", test.environment, test.flags, code, errs)
		}
	}
}
