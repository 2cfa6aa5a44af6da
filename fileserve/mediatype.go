package fileserve

import (
	"mime"
	"path"
	"slices"
	"strings"
)

const (
	octetStream = "application/octet-stream"
	htmlType    = "text/html; charset=utf-8"
)

// mediaType returns the media type of a file by the extension of its name. It looks into own
// first, then into the table below, which is the same on every system, then into the table of
// the system. It does not look at the content.
func mediaType(name string, own map[string]string) string {
	ext := strings.ToLower(path.Ext(name))
	if ext == "" {
		return octetStream
	}
	if media, ok := own[ext]; ok {
		return media
	}
	i, ok := slices.BinarySearchFunc(builtins[:], ext, func(x extensionType, ext string) int { return strings.Compare(x.ext, ext) })
	if ok {
		return builtins[i].media
	}
	if media := mime.TypeByExtension(ext); media != "" {
		return media
	}
	return octetStream
}

// An extensionType is an extension with its media type.
type extensionType struct{ ext, media string }

// builtins are sorted by extension.
//
//nolint:gochecknoglobals // a constant that Go cannot declare as such
var builtins = [...]extensionType{
	{".3g2", "video/3gpp2"},
	{".3gp", "video/3gpp"},
	{".3mf", "model/3mf"},
	{".7z", "application/x-7z-compressed"},
	{".aac", "audio/aac"},
	{".aif", "audio/aiff"},
	{".aiff", "audio/aiff"},
	{".amr", "audio/amr"},
	{".apk", octetStream},
	{".apng", "image/apng"},
	{".atom", "application/atom+xml"},
	{".avi", "video/x-msvideo"},
	{".avif", "image/avif"},
	{".bin", octetStream},
	{".bmp", "image/bmp"},
	{".br", octetStream},
	{".bz2", "application/x-bzip2"},
	{".caf", "audio/x-caf"},
	{".cjs", "text/javascript; charset=utf-8"},
	{".conf", "text/plain; charset=utf-8"},
	{".css", "text/css; charset=utf-8"},
	{".csv", "text/csv; charset=utf-8"},
	{".deb", octetStream},
	{".djvu", "image/vnd.djvu"},
	{".dll", octetStream},
	{".dmg", octetStream},
	{".doc", "application/msword"},
	{".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
	{".eot", "application/vnd.ms-fontobject"},
	{".eps", "application/postscript"},
	{".epub", "application/epub+zip"},
	{".exe", octetStream},
	{".flac", "audio/flac"},
	{".flv", "video/x-flv"},
	{".geojson", "application/geo+json"},
	{".gif", "image/gif"},
	{".glb", "model/gltf-binary"},
	{".gltf", "model/gltf+json"},
	{".gpx", "application/gpx+xml"},
	{".gz", "application/gzip"},
	{".heic", "image/heic"},
	{".heics", "image/heic-sequence"},
	{".heif", "image/heif"},
	{".hif", "image/heif"},
	{".htm", htmlType},
	{".html", htmlType},
	{".ico", "image/vnd.microsoft.icon"},
	{".ics", "text/calendar; charset=utf-8"},
	{".img", octetStream},
	{".ini", "text/plain; charset=utf-8"},
	{".iso", octetStream},
	{".jar", "application/java-archive"},
	{".jfif", "image/jpeg"},
	{".jp2", "image/jp2"},
	{".jpeg", "image/jpeg"},
	{".jpg", "image/jpeg"},
	{".js", "text/javascript; charset=utf-8"}, // RFC 9239
	{".json", "application/json"},
	{".jsonl", "application/x-ndjson"},
	{".jsonld", "application/ld+json"},
	{".jxl", "image/jxl"},
	{".kml", "application/vnd.google-earth.kml+xml"},
	{".kmz", "application/vnd.google-earth.kmz"},
	{".log", "text/plain; charset=utf-8"},
	{".m2ts", "video/mp2t"},
	{".m3u8", "application/vnd.apple.mpegurl"},
	{".m4a", "audio/mp4"},
	{".m4b", "audio/mp4"},
	{".m4v", "video/mp4"},
	{".map", "application/json"},
	{".markdown", "text/markdown; charset=utf-8"},
	{".md", "text/markdown; charset=utf-8"},
	{".mid", "audio/midi"},
	{".midi", "audio/midi"},
	{".mjs", "text/javascript; charset=utf-8"},
	{".mka", "audio/matroska"},
	{".mkv", "video/matroska"},
	{".mobi", "application/x-mobipocket-ebook"},
	{".mov", "video/quicktime"},
	{".mp3", "audio/mpeg"},
	{".mp4", "video/mp4"},
	{".mpd", "application/dash+xml"},
	{".mpeg", "video/mpeg"},
	{".mpg", "video/mpeg"},
	{".msi", octetStream},
	{".mtl", "model/mtl"},
	{".ndjson", "application/x-ndjson"},
	{".obj", "model/obj"},
	{".odp", "application/vnd.oasis.opendocument.presentation"},
	{".ods", "application/vnd.oasis.opendocument.spreadsheet"},
	{".odt", "application/vnd.oasis.opendocument.text"},
	{".oga", "audio/ogg"},
	{".ogg", "audio/ogg"},
	{".ogv", "video/ogg"},
	{".opus", "audio/ogg"},
	{".otf", "font/otf"},
	{".parquet", "application/vnd.apache.parquet"},
	{".pdf", "application/pdf"},
	{".png", "image/png"},
	{".ppt", "application/vnd.ms-powerpoint"},
	{".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
	{".ps", "application/postscript"},
	{".psd", "image/vnd.adobe.photoshop"},
	{".qt", "video/quicktime"},
	{".rar", "application/vnd.rar"},
	{".rpm", octetStream},
	{".rss", "application/rss+xml"},
	{".rtf", "application/rtf"},
	{".so", octetStream},
	{".sqlite", "application/vnd.sqlite3"},
	{".sqlite3", "application/vnd.sqlite3"},
	{".srt", "application/x-subrip"},
	{".stl", "model/stl"},
	{".svg", "image/svg+xml"},
	{".tar", "application/x-tar"},
	{".text", "text/plain; charset=utf-8"},
	{".tgz", "application/gzip"},
	{".tif", "image/tiff"},
	{".tiff", "image/tiff"},
	{".toml", "application/toml"},
	{".ts", "video/mp2t"},
	{".tsv", "text/tab-separated-values; charset=utf-8"},
	{".ttc", "font/collection"},
	{".ttf", "font/ttf"},
	{".ttml", "application/ttml+xml"},
	{".txt", "text/plain; charset=utf-8"},
	{".usdz", "model/vnd.usdz+zip"},
	{".vcf", "text/vcard; charset=utf-8"},
	{".vtt", "text/vtt; charset=utf-8"},
	{".wasm", "application/wasm"},
	{".wav", "audio/wav"},
	{".weba", "audio/webm"},
	{".webm", "video/webm"},
	{".webmanifest", "application/manifest+json"},
	{".webp", "image/webp"},
	{".wma", "audio/x-ms-wma"},
	{".wmv", "video/x-ms-wmv"},
	{".woff", "font/woff"},
	{".woff2", "font/woff2"},
	{".xht", "application/xhtml+xml"},
	{".xhtml", "application/xhtml+xml"},
	{".xls", "application/vnd.ms-excel"},
	{".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	{".xml", "application/xml"},
	{".xsd", "application/xml"},
	{".xsl", "application/xml"},
	{".xz", "application/x-xz"},
	{".yaml", "application/yaml"},
	{".yml", "application/yaml"},
	{".zip", "application/zip"},
	{".zst", "application/zstd"},
}
