package static_test

import (
	"context"
	"fmt"
	"log"

	"dalil/embedder"
	"dalil/embedder/static"
	"dalil/vector"
)

// The built-in model puts both languages into one space.
func ExampleDefault() {
	model, err := static.Default()
	if err != nil {
		log.Fatal(err)
	}
	texts := []string{"cooperation between cities", "التعاون بين المدن", "a recipe for lentil soup"}
	got, err := model.Embed(context.Background(), embedder.Passage, texts)
	if err != nil {
		log.Fatal(err)
	}
	twin := vector.DotFloat32(got.Vectors[0], got.Vectors[1])
	other := vector.DotFloat32(got.Vectors[0], got.Vectors[2])
	fmt.Println(twin > 0.5, twin > other+0.3)
	// Output: true true
}
