package claims_test

import "testing"

func TestNegatedVerbs(t *testing.T) {
	for _, c := range []struct{ source, answer, mismatch, found string }{
		{"Al-Mansur founded Baghdad in 762.", "Al-Mansur did not found Baghdad in 762.", "not found", "founded"},
		{"Al-Mansur did not found Baghdad in 762.", "Al-Mansur founded Baghdad in 762.", "founded", "not found"},
		{"أسس المنصور بغداد عام 762.", "Al-Mansur did not found Baghdad in 762.", "not found", "أسس"},
		{"The team found the tomb in 1922.", "The team did not find the tomb in 1922.", "not find", "found"},
		{"Khalid led the army in 1922.", "Khalid did not lead the army in 1922.", "not lead", "led"},
		{"He wound the clock in 1922.", "He did not wind the clock in 1922.", "not wind", "wound"},
		{"The shot wounded the king in 1922.", "The shot did not wound the king in 1922.", "not wound", "wounded"},
		{"The workers felled the tree in 1922.", "The workers did not fell the tree in 1922.", "not fell", "felled"},
		{"The masons ground the stone in 1922.", "The masons didn't grind the stone in 1922.", "didn't grind", "ground"},
		{"He left Cairo in 1922.", "He did not leave Cairo in 1922.", "not leave", "left"},
		{"The city lay on the river in 1922.", "The city did not lie on the river in 1922.", "not lie", "lay"},
		{"The price rose in 1922.", "The price did not rise in 1922.", "not rise", "rose"},
		{"Prices will rise in 2030.", "Prices cannot rise in 2030.", "cannot rise", "rise"},
		{"Al-Mansur founded Baghdad in 762.", "Al-Mansur did found Baghdad in 762.", "", ""},
		{"Al-Mansur did not found Baghdad in 762.", "Al-Mansur never founded Baghdad in 762.", "", ""},
		{"The bridge was opened in 1922.", "The bridge was not t-he opened in 1922.", "not t-he opened", "opened"}, // "the" and "he" are words of it
		{"They left the valley, and the rose did not bloom.", "They left the valley, and the rose did not bloom.", "", ""},
	} {
		compareOne(t, c.source, c.answer, c.mismatch, c.found)
	}
}

func TestDatesInDigits(t *testing.T) {
	const source = "Baghdad fell on 10 February 1258."
	for _, c := range []struct{ source, answer, mismatch, found string }{
		{source, "Baghdad fell on 10/02/1258.", "", ""},
		{source, "Baghdad fell on 2/10/1258.", "", ""},
		{source, "Baghdad fell on 10.2.1258.", "", ""},
		{source, "Baghdad fell on 1258-02-10.", "", ""},
		{source, "Baghdad fell on 10/03/1258.", "10/03/1258", "10 February"},
		{source, "Baghdad fell on 11-02-1258.", "11-02-1258", "10 February"},
		{source, "Baghdad fell on 1258-10-02.", "1258-10-02", "10 February"},
		{source, "Baghdad fell on 10.2.1259.", "1259", "1258"},
		{"On February 10, 1258, Baghdad fell.", "Baghdad fell on 10/03/1258.", "10/03/1258", "February 10"},
		{"Baghdad fell in February 1258.", "Baghdad fell on 10/02/1258.", "", ""},
		{"Baghdad fell in February 1258.", "Baghdad fell on 10/03/1258.", "10/03/1258", "February"},
		{"Baghdad fell in 1258.", "Baghdad fell on 10/02/1258.", "", ""},
		{"The siege began on 29 January 1258, and Baghdad fell on 10 and 11 February 1258.", "Baghdad fell on 10/02/1258.", "", ""},
		{"Baghdad fell in March 1259 after the war of February 1258.", "Baghdad fell on 10/03/1259.", "", ""},
		{"Baghdad fell on 10/02/1258.", "Baghdad fell on 10 February 1258.", "", ""},
		{"Baghdad fell on 10/02/1258.", "Baghdad fell on 10 March 1258.", "March", ""},
		{"Baghdad fell on 10/02/1258.", "Baghdad fell on 10/03/1258.", "10/03/1258", "10/02/1258"},
		{"سقطت بغداد في 10 فبراير 1258.", "سقطت بغداد في ١٠/٢/١٢٥٨.", "", ""},
		{"سقطت بغداد في 10 فبراير 1258.", "سقطت بغداد في ١٠/٣/١٢٥٨.", "١٠/٣/١٢٥٨", "10 فبراير"},
		{"سقطت بغداد في 10 فبراير 1258.", "Baghdad fell on 10/03/1258.", "10/03/1258", "10 فبراير"},
		{"The number is 10-02-1258-77.", "The number is 10-02-1258-77.", "", ""},
	} {
		compareOne(t, c.source, c.answer, c.mismatch, c.found)
	}
}

// compareOne checks which part of an answer of one sentence differs from which part
// of the source. An empty mismatch stands for none, an empty found for a part that is nowhere.
func compareOne(t *testing.T, source, answer, mismatch, found string) {
	t.Helper()
	g := checkIn(t, []string{source}, answer)
	if len(g.Claims) != 1 {
		t.Errorf("%q: %d claims", answer, len(g.Claims))
		return
	}
	all := g.Claims[0].Mismatches
	if mismatch == "" {
		if len(all) > 0 {
			t.Errorf("%q, source %q: mismatches %+v, want none", answer, source, all)
		}
		return
	}
	if len(all) != 1 {
		t.Errorf("%q, source %q: mismatches %+v, want %q", answer, source, all, mismatch)
		return
	}
	got, of := answer[all[0].Claim.Start:all[0].Claim.End], ""
	if all[0].Found != nil {
		of = source[all[0].Found.Start:all[0].Found.End]
	}
	if got != mismatch || of != found {
		t.Errorf("%q, source %q: mismatch %q, found %q, want %q and %q", answer, source, got, of, mismatch, found)
	}
}
