package main

// A reason says why something is faster than tenon, under the table where it is. It is
// left out where nothing is.
type reason struct {
	table string // the directory and the benchmark
	rows  string // how the rows begin
	text  string
}

func reasons() []reason {
	return []reason{
		{". Chain", "log=", "gorilla puts a line of the common log together by hand: it has no level, no duration, no pattern and no request ID, which are in a" +
			" record of slog."},
		{". Compress", "accept=none", "Where nothing is to be compressed the rest is Vary and the header fields that a handler may yet set. The others" +
			" look at the status and the type of an answer only when they compress it; tenon does so for Vary as well, which it leaves out where no" +
			" coding would have been used."},
		{". Compress", "accept=gzip", "The time is that of the encoder, klauspost/compress for tenon and gzhttp alike."},
		{". Files", "", "nginx is written in C, without net/http around it, and is a process apart from the clients; its cache of open files looks at a file" +
			" once a minute. FileServer is on a par where sendfile(2) is most of the time."},
		{". Service", "workload=text", "ServeMux is half of this row: echo and gin have routers of their own. By hand there is no X-Content-Type-Options."},
		{". Service", "workload=no-content", "Here there is little but routing, and strconv.Atoi by hand. echo's router takes less than ServeMux."},
		{". Service", "workload=400", "tenon names every input that is invalid, as a problem of RFC 9457; echo and gin name none."},
		{". JSON", "out=", "The others are Marshal alone; tenon is the whole answer with its header fields."},
		{". JSON", "in=", "The others are Unmarshal alone, and but for json-v2 they take a name twice and invalid UTF-8; tenon is the whole of Bind."},
		{".. BindMultipart", "", "Both are mime/multipart, and the copy of the file."},
		{".. Parts", "", "Both are mime/multipart, and the copy of the file."},
		{".. BindJSON", "", "engine is the Unmarshal of the package that tenon's own reader is held to, without the request and without rules."},
		{".. BindPath", "", "By hand it is r.PathValue and strconv.Atoi. tenon collects the faults of all inputs, and goes by a plan of the struct."},
		{".. BindHeader", "", "By hand it is one look into the map and strconv. tenon collects the faults of all inputs, and goes by a plan of the struct."},
		{".. Compress", "accept=none", "By hand one looks for gzip in Accept-Encoding and calls the handler; nothing is known of its answer, so Vary is on each."},
		{".. Compress", "accept=gzip", "The time is that of the encoder, which is klauspost/compress for tenon and compress/gzip by hand."},
		{".. Files", "", "Server and client share the process, and the client is most of the time of a large file. End to end has the client apart."},
		{".. Handler", "delete=no-content", "By hand it is strconv.Atoi and WriteHeader; an In costs what BindPath shows."},
		{".. Handler", "get=text", "Both are ServeMux and two header fields."},
		{".. Middleware", "ETag", "By hand there is no If-Match, no limit to what is held back, and no care for what a handler does to the header afterwards."},
		{".. Middleware", "NoStore", "By hand the fields are set before the handler runs. tenon sets them when the header is sent, and yields to values that a handler or a proxy" +
			" has set, which takes a response writer."},
		{".. Middleware", "Secure", "By hand the fields are set before the handler runs. tenon sets them when the header is sent, and yields to values that a handler or a proxy" +
			" has set, which takes a response writer."},
		{".. Respond", "body=none", "By hand it is WriteHeader alone."},
		{".. Mount", "router=chi", "chi's router is most of the time; tenon has to hand the path values of chi on as those of ServeMux."},
		{".. Stream_latency", "", "An item after a pause is one write and one flush on both sides: the rest is when the scheduler wakes them."},
		{"End to end", "workload=file", "Sending is the kernel's work, and the core of wrk, which reads, is as busy as that of the server: of files the processor time tells more."},
		{"End to end", "", "Who stands on net/http differs from tenon by what is beside its server; by hand, and with chi, echo and gin, there is no X-Content-Type-Options."},
	}
}
