package lexical_test

import (
	"fmt"

	"dalil/lexical"
)

// Forms of one word have one stem, in both languages, with or without clitics
// and vowel marks.
func ExampleAnalyzer_Terms() {
	analyzer := lexical.NewAnalyzer()
	stem := func(word string) string { return analyzer.Terms(word)[0].Stem }
	fmt.Println(stem("cities") == stem("the city"))
	fmt.Println(stem("التعاون") == stem("وَالتَّعاوُن"))
	fmt.Println(stem("التعاون") == stem("المدن"))
	// Output:
	// true
	// true
	// false
}
