package decode_test

import "strings"

// documents are at home in the targets of these names.
func documents() [][2]string {
	return [][2]string{
		{"flat", `{"name":"a","count":12,"small":-128,"big":18446744073709551615,"price":1.25,"single":3.5e7,"open":true,"next":null}`},
		{"flat", `{"open":false,"price":-0,"count":1.0,"name":"\u00e9\ud83d\ude00\n","next":{"name":"","count":1e1,"price":0.1,"open":true,"next":null}}`},
		{"flat", ` { "name" : "b" , "count" : 7 , "price" : 1e-7 , "open" : true , "next" : null , "x" : [ ] , "y" : { } } `},
		{"flat", "{\n  \"name\": \"c\",\n  \"count\": 100,\n\t\"price\": 12345678901234567890,\r\n  \"open\": 1\n}"},
		{"flat", `{"a name of more than sixteen bytes":"x","a name of more than seventeen bytes":"y","a name of more than sixteen bytez":"z"}`},
		{"flat", `{"nam\u0065":"escaped","count":1,"count":2}`},
		{"flat", `{"name":"a name of ten","count":100,"small":128,"big":-1,"price":1e999,"single":1e39,"open":null}`},
		{"strict", `{"name":"a","count":1,"price":1,"open":true,"next":{"name":"b","Count":1,"x":{"y":[{}]},"open":true,"price":2},"more":3}`},
		{"lists", `{"texts":["a","b\"c","","ü"],"ints":[1,2,-3],"longs":[9223372036854775807,-9223372036854775808],"floats":[0.5,1e2,3],"bytes":"aGk=","few":[],"ruled":[1],"pairs":[[1,2]],"flats":[],"lists":[[1],[]]}`},
		{"lists", `{"texts":[ "a" , "b" ],"ints":[1,2,1],"longs":[1.0,1e1],"floats":[],"bytes":null,"few":["a","b","c"],"ruled":[10,1],"pairs":[[1],[1,2,3]],"flats":[{}],"lists":null}`},
		{"lists", `{"texts":["a",1,null,"b"],"ints":["x",9223372036854775808],"longs":[12345678901234567890123],"floats":[0.1234567890123456789,1e400,"x"],"pairs":[["a",null]],"lists":[[1e39]]}`},
		{"lists", `{"points":[[1.5,-2],[1e2,0.25]],"texts":["` + strings.Repeat(`plain","`, 30) + `"],"few":["a","b"]}`},
		{"lists", `{"points":[ [ 1 , 2 ] , [3,4] ],"texts":["` + strings.Repeat(`plain","`, 20) + `\n","x" , "y"]}`},
		{"lists", `{"points":[[1],[1,2,3],[],null,["a",1]],"texts":["a","b",]}`},
		{"lists", `{"points":[[1,2]` + strings.Repeat(`,[3,4]`, 45) + `],"texts":["a"` + strings.Repeat(`,"b"`, 45) + `]}`},
		{"lists", `{"points":[[12345678901234567890,0.1234567890123456789]],"longs":[12345678,-12345678901234567,01]}`},
		{"maps", `{"labels":{"a":"b","c":"d"},"counts":{"x":1,"y":2},"byint":{"1":"a","-2":"b"},"bytime":{"2024-02-03T04:05:06Z":true},"byaddr":{"::1":["x"]},"inner":{"a":{"b":[1]}},"ruled":{"k":"abc"}}`},
		{"maps", `{"labels":{"a":"b","a":"c"},"counts":{"x":1}}`},
		{"maps", `{"labels":{"a":1,"\u0061":2},"counts":{"x":1.5}}`},
		{"maps", `{"labels":{"a":null,"b":"c"},"counts":{"x":"y","z":1,"x":2},"byint":{}}`},
		{"maps", `{"byint":{"0":"a","-0":"b"}}`},
		{"maps", `{"byint":{"x":"a","x":"b"}}`},
		{"maps", `{"byint":{"x" "a"}}`},
		{"maps", `{"byint":{"300":"a","01":1,"1":2},"bytime":{"now":true},"byaddr":{"x":[1]},"inner":{"a":[],"b":{}},"ruled":{"a":"long","a":"x"}}`},
		{"selves", `{"any":{"a":[1,"b",null,true]},"raw":[{"x":1.50}],"at":"2024-02-03T04:05:06Z","unix":1700000000,"addr":"::1","number":1.50,"quoted":"12","ratio":"1.5e1","data":"AAEC"}`},
		{"selves", `{"any":{"a":1e999},"raw":"x","at":"now","unix":1.5,"addr":"x","number":"1","quoted":12,"ratio":"x","data":"*"}`},
		{"selves", `{"any":{"a":1,"a":2}}`},
		{"selves", `{"raw":{"a":{"b":1,"b":2}}}`},
		{"selves", `{"raw":[1,2}`},
		{"selves", `{"number":"1\u0030","quoted":"1\u0032","ratio":"\u0031.5","addr":"\u003a:1","at":"2024-02-03T04:05:0\u0036Z","data":"aG\u006b="}`},
		{"restMap", `{"a":1,"b":"x","c":"y"}`},
		{"restMap", `{"b":"x","a":1,"b":"y"}`},
		{"restMap", `{"a":1,"b":2,"c":null}`},
		{"restRaw", `{"a":1,"b":[1,{"c":null}],"\u0063":"y"}`},
		{"restRaw", `{"b":1,"a":2,"\u0062":3}`},
		{"rows", `[{"name":"a","count":1,"long":-2,"price":2.5,"open":true,"tags":["a","b"],"more":["c"]}` + strings.Repeat(`,{"name":"b","count":0,"long":20,"price":-1e3,"open":false,"tags":[],"more":[]}`, 20) + `]`},
		{"rows", `[{"name":"a","count":1,"long":2,"price":3,"open":true,"tags":["a"],"more":["b"]},{},{"name":"c","tags":null},{"name":"d","count":4,"long":5,"price":6,"open":true,"tags":["e"],"more":["f"]},{"open":false,"more":null}]`},
		{"rows", `[{"name":"a","count":1,"long":2,"price":3,"open":true,"tags":["a"],"more":["b"]},{"name":"\u0062","count":1e1,"long":-9223372036854775808,"price":0.1234567890123456789,"open":true,"tags":["\n"],"more":[]}]`},
		{"rows", `[{"name":"a","count":1,"long":2,"price":3,"open":true,"tags":["a"],"more":["b"]},{"name":"b","count":2,"long":2,"price":3,"open":true,"tags":null,"more":null},{"name":"c","tags":["d","e"]}]`},
		{"rows", `[{"name":"a","count":1,"long":2,"price":3,"open":true,"tags":["a"],"more":["b"]},{"name":null,"count":"1","long":1.5,"price":1e999,"open":1,"tags":[1],"more":{}},{"name":"a name of ten","count":100}]`},
		{"rows", `[ { "name" : "a" , "count" : 1 , "long" : 2 , "price" : 3 , "open" : true , "tags" : [ "a" ] } , { "tags" : [ "b" , "c" ] , "tags" : [ ] } ]`},
		{"rows", `[{"tags":["a","b","a"]},{"tags":["a","` + strings.Join(strings.Split("bcdefghijklmnopqr", ""), `","`) + `"]},{"tags":["a","` + strings.Join(strings.Split("bcdefghijklmnopqrs", ""), `","`) + `"]}]`},
		{"row", `{"name":"a","count":1,"long":2,"price":3,"open":true,"tags":["a","\u0062","c"],"more":["d" , "e"]}`},
		{"row", `{"name":"a name of ten","count":100,"tags":["a"],"tags":["b"]}`},
		{"branch", `[{"A":"a","B":"b","C":"c","D":"d","Inner":{"A":"e","B":"f","C":"g","D":"h","Inner":null,"Lists":[[{}]]},"Lists":[[{"A":"i","B":"j","C":"k","D":"l","Inner":null,"Lists":null}],[]]},{"A":"","B":"","C":"","D":"","Inner":null,"Lists":[]}]`},
		{"tree", `{"name":"a","children":[{"name":"b","children":[],"named":null},{"name":"c"}],"named":{"x":{"name":"d","children":null,"named":{}},"y":null}}`},
		{"odd", `{"e\nf":true,"a long name\twith a tab":[1],"Other":"x"}`},
		{"odd", `{"e\u000af":true,"a long name\u0009with a tab":[ ],"Other":"x","e\nf":false}`},
		{"odd", "{\"e\nf\":true,\"a long name\twith a tab\":[1],\"Other\":\"x\"}"},
		{"even", `[{"n":2},{"n":3},{"n":4},{"n":5}]`},
		{"even", `[{"n":1},{"n":"x"},{"n":3}]`},
		{"any", `[1,[2,{"a":{"b":[]}}],"x",-0.5e-3,true,false,null]`},
		{"any", `{"a":[`},
		{"any", `[[[[1,{"a":"b\\"}]]]]`},
		{"raw", `{"a":1,"b":[true,null,"\u00fc"]}`},
		{"skip", `{"a":1,"b":{"a":1,"b":{"a":[{"a":{}},{"a":1}]}},"c":["a","a"],"d":"\ud83d\ude00"}`},
		{"skip", `{"a":{"b":1,"c":2,"b":3}}`},
		{"skip", `{"a":1,"\u0061":2}`},
		{"skip", `{"a\"":1,"a\\":2,"a\u0022":3}`},
		{"skip", `{"a":"b","a\":\"b":1}`},
		{"texts", `{"a":"b","c":"` + strings.Repeat("d", 70) + `","` + strings.Repeat("e", 70) + `":""}`},
		{"string", `"` + strings.Repeat("plain ", 12) + `"`},
		{"string", `"ein Stück Öl für 5 € \t\"\\\/\b\f\n\r\u00fC 日本語 𝄞"`},
		{"string", `"\ud834\udd1e \uD834\uDD1E"`},
		{"float", `-1234567.125e-3`},
		{"float", `0.000001`},
		{"float", `9007199254740993`},
		{"float", `1E+2`},
	}
}

// broken are documents that are none, and what is on the edge.
func broken() []string {
	list := []string{
		``, ` `, `{`, `[`, `"`, `{}x`, `{} {}`, `1 2`, `nul`, `nulll`, `tru`, `TRUE`, `fals`, `-`, `01`, `-01`, `1.`, `.5`, `1.e1`, `1e`, `1e+`, `+1`, `0x1`, `1_0`, `NaN`,
		`[1,]`, `[,1]`, `[1 2]`, `[1,,2]`, `[}`, `{]`, `[1}`, `{"a":1]`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{,"a":1}`, `{"a" 1}`, `{1:2}`, `{[]:2}`, `{"a":1 "b":2}`, `{"a":1,,"b":2}`, `{a:1}`, `{"a"::1}`,
		"\"\x00\"", "\"\x1f\"", "\"\x7f\"", "\x00", "1\x00", "{\"a\":1\x00}", "\"\xff\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "\"\xe2\x82\"", "\"\xf0\x9f\x98\"", "\"\xf4\x90\x80\x80\"", "\ufeff{}",
		`"\ud800"`, `"\udc00"`, `"\ud800\ud800"`, `"\ud800x"`, `"\ud800\n"`, `"\u12"`, `"\u12g4"`, `"\x"`, `"\`, `"\u`, `"\ud800\u`, `{"\ud800":1}`, "{\"\xff\":1}",
		`{"name":"a" "count":1}`, `{"name":"a""count":1}`, "{\x01", "{\"name\":\"a\",\x01", `{"name":"a","name":1}`, `{"texts":["a" "b"]}`, `{"texts":["a",]}`, `{"floats":[1,2`, `{"labels":{"a":"b",}}`, `{"labels":{"a":"b"`, `{"any":[1,2}`,
		`[1e99999999999999999999,0e99999999999999999999,-0.0e-0]`, `-0`, `100000000000000000000000`, `1` + strings.Repeat("0", 400), `0.` + strings.Repeat("0", 400) + `1`, strings.Repeat("9", 19), strings.Repeat("9", 20),
	}
	for _, open := range []string{`[`, `{"a":`, `{"next":`, `{"children":[`, `{"inner":{"a":{"b":`} {
		for _, depth := range []int{200, 500, 999, 1000, 1001, 9999, 10000, 10001} {
			list = append(list, strings.Repeat(open, depth), `{"x":`+strings.Repeat(open, depth)+`1`)
		}
	}
	for _, depth := range []int{998, 999, 1000, 1001, 9998, 9999, 10000} {
		nest := strings.Repeat(`[`, depth) + strings.Repeat(`]`, depth)
		list = append(list, nest, `{"x":`+nest+`}`, `{"any":`+nest+`}`, `{"raw":[`+nest+`]}`, strings.Repeat(`{"a":`, depth)+`1`+strings.Repeat(`}`, depth))
	}
	return list
}
