package claims_test

import "testing"

func TestNamesInOneScript(t *testing.T) {
	for _, c := range []struct{ source, answer, mismatch, found string }{
		{"Uber opened an office in Kigali in 2019.", "Lyft opened an office in Kigali in 2019.", "Lyft", "Uber"},
		{"Obama visited the city of Berlin in 2013.", "Trump visited the city of Berlin in 2013.", "Trump", "Obama"},
		{"افتتحت شركة سامسونج مكتبا في القاهرة عام 2019.", "افتتحت شركة مايكروسوفت مكتبا في القاهرة عام 2019.", "مايكروسوفت", "سامسونج"},
		{"زار أوباما مدينة برلين عام 2013.", "زار أوباما مدينة لندن عام 2013.", "لندن", "برلين"},
		{"زار رئيس ألمانيا القاهرة عام 2013.", "زار رئيس فرنسا القاهرة عام 2013.", "فرنسا", "ألمانيا"},
		{"Microsoft bought the company in 2019.", "Microsft bought the company in 2019.", "", ""},
		{"اشترت جوجل الشركة عام 2013.", "اشترت غوغل الشركة عام 2013.", "", ""},
		{"Obama visited the city of Berlin in 2013.", "Barack Obama visited Berlin in 2013.", "", ""},
		{"Marie Curie was born in Warsaw in 1867.", "Curie was born in Warsaw in Poland in 1867.", "", ""},
		{"Spotify was founded in Stockholm by Daniel Ek.", "Daniel Ek founded the music service Spotify.", "", ""},
		{"فازت الأرجنتين على فرنسا بركلات الترجيح.", "فاز منتخب الأرجنتين على نظيره الفرنسي بركلات الترجيح.", "", ""},
		{"افتتحت قناة السويس عام 1869.", "افتتحت قناة السويس المصرية رسميا عام 1869.", "", ""},
	} {
		compareOne(t, c.source, c.answer, c.mismatch, c.found)
	}
}
