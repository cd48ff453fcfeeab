package evaluation_test

import (
	"fmt"

	"dalil/evaluation"
)

// nDCG@10 is 1 when every relevant document stands before every other one.
func ExampleMeasure() {
	queries := []evaluation.Judged{{ID: "q1", Text: "poverty", Relevant: map[string]int{"a": 1, "b": 1}}}
	fmt.Printf("%.2f\n", evaluation.Measure(queries, [][]string{{"a", "b", "c"}}).NDCG10)
	fmt.Printf("%.2f\n", evaluation.Measure(queries, [][]string{{"c", "a", "b"}}).NDCG10)
	// Output:
	// 1.00
	// 0.69
}
