package fileserve

import (
	"mime"
	"path"
	"strings"
)

const (
	octetStream = "application/octet-stream"
	htmlType    = "text/html; charset=utf-8"
)

// mediaType returns the media type of a file by the extension of its name: from
// own first, then from the table below, which is the same on every system, then
// from the system's. Content is never looked at.
func mediaType(name string, own map[string]string) string {
	ext := strings.ToLower(path.Ext(name))
	if ext == "" {
		return octetStream
	}
	if media, ok := own[ext]; ok {
		return media
	}
	if media := builtin(ext); media != "" {
		return media
	}
	if media := mime.TypeByExtension(ext); media != "" {
		return media
	}
	return octetStream
}

// builtin returns the type of an extension in lower case, or "".
func builtin(ext string) string {
	for _, table := range [...]func(string) string{
		builtinText, builtinImage, builtinSound, builtinVideo, builtinFont, builtinModel, builtinData, builtinDocument, builtinArchive,
	} {
		if media := table(ext); media != "" {
			return media
		}
	}
	return ""
}

func builtinText(ext string) string {
	switch ext {
	case ".html", ".htm":
		return htmlType
	case ".css":
		return "text/css; charset=utf-8"
	case ".js", ".mjs", ".cjs":
		return "text/javascript; charset=utf-8" // RFC 9239
	case ".txt", ".text", ".log", ".conf", ".ini":
		return "text/plain; charset=utf-8"
	case ".md", ".markdown":
		return "text/markdown; charset=utf-8"
	case ".csv":
		return "text/csv; charset=utf-8"
	case ".tsv":
		return "text/tab-separated-values; charset=utf-8"
	case ".ics":
		return "text/calendar; charset=utf-8"
	case ".vcf":
		return "text/vcard; charset=utf-8"
	case ".vtt":
		return "text/vtt; charset=utf-8"
	}
	return ""
}

func builtinImage(ext string) string {
	switch ext {
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".apng":
		return "image/apng"
	case ".jpg", ".jpeg", ".jfif":
		return "image/jpeg"
	case ".gif":
		return "image/gif"
	case ".webp":
		return "image/webp"
	case ".avif":
		return "image/avif"
	case ".heic":
		return "image/heic"
	case ".heics":
		return "image/heic-sequence"
	case ".heif", ".hif":
		return "image/heif"
	case ".jxl":
		return "image/jxl"
	case ".jp2":
		return "image/jp2"
	case ".bmp":
		return "image/bmp"
	case ".tif", ".tiff":
		return "image/tiff"
	case ".ico":
		return "image/vnd.microsoft.icon"
	case ".psd":
		return "image/vnd.adobe.photoshop"
	case ".djvu":
		return "image/vnd.djvu"
	}
	return ""
}

func builtinSound(ext string) string {
	switch ext {
	case ".mp3":
		return "audio/mpeg"
	case ".m4a", ".m4b":
		return "audio/mp4"
	case ".aac":
		return "audio/aac"
	case ".flac":
		return "audio/flac"
	case ".wav":
		return "audio/wav"
	case ".oga", ".ogg", ".opus":
		return "audio/ogg"
	case ".weba":
		return "audio/webm"
	case ".mka":
		return "audio/matroska"
	case ".mid", ".midi":
		return "audio/midi"
	case ".aif", ".aiff":
		return "audio/aiff"
	case ".amr":
		return "audio/amr"
	case ".caf":
		return "audio/x-caf"
	case ".wma":
		return "audio/x-ms-wma"
	}
	return ""
}

func builtinVideo(ext string) string {
	switch ext {
	case ".mp4", ".m4v":
		return "video/mp4"
	case ".webm":
		return "video/webm"
	case ".ogv":
		return "video/ogg"
	case ".mov", ".qt":
		return "video/quicktime"
	case ".mkv":
		return "video/matroska"
	case ".ts", ".m2ts":
		return "video/mp2t"
	case ".mpg", ".mpeg":
		return "video/mpeg"
	case ".3gp":
		return "video/3gpp"
	case ".3g2":
		return "video/3gpp2"
	case ".avi":
		return "video/x-msvideo"
	case ".wmv":
		return "video/x-ms-wmv"
	case ".flv":
		return "video/x-flv"
	case ".m3u8":
		return "application/vnd.apple.mpegurl"
	case ".mpd":
		return "application/dash+xml"
	case ".srt":
		return "application/x-subrip"
	case ".ttml":
		return "application/ttml+xml"
	}
	return ""
}

func builtinFont(ext string) string {
	switch ext {
	case ".woff":
		return "font/woff"
	case ".woff2":
		return "font/woff2"
	case ".ttf":
		return "font/ttf"
	case ".otf":
		return "font/otf"
	case ".ttc":
		return "font/collection"
	case ".eot":
		return "application/vnd.ms-fontobject"
	}
	return ""
}

func builtinModel(ext string) string {
	switch ext {
	case ".glb":
		return "model/gltf-binary"
	case ".gltf":
		return "model/gltf+json"
	case ".obj":
		return "model/obj"
	case ".mtl":
		return "model/mtl"
	case ".stl":
		return "model/stl"
	case ".3mf":
		return "model/3mf"
	case ".usdz":
		return "model/vnd.usdz+zip"
	}
	return ""
}

func builtinData(ext string) string {
	switch ext {
	case ".json", ".map":
		return "application/json"
	case ".jsonl", ".ndjson":
		return "application/x-ndjson"
	case ".jsonld":
		return "application/ld+json"
	case ".geojson":
		return "application/geo+json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".wasm":
		return "application/wasm"
	case ".xml", ".xsl", ".xsd":
		return "application/xml"
	case ".xhtml", ".xht":
		return "application/xhtml+xml"
	case ".rss":
		return "application/rss+xml"
	case ".atom":
		return "application/atom+xml"
	case ".gpx":
		return "application/gpx+xml"
	case ".kml":
		return "application/vnd.google-earth.kml+xml"
	case ".kmz":
		return "application/vnd.google-earth.kmz"
	case ".yaml", ".yml":
		return "application/yaml"
	case ".toml":
		return "application/toml"
	case ".parquet":
		return "application/vnd.apache.parquet"
	case ".sqlite", ".sqlite3":
		return "application/vnd.sqlite3"
	}
	return ""
}

func builtinDocument(ext string) string {
	const office = "application/vnd.openxmlformats-officedocument."
	switch ext {
	case ".pdf":
		return "application/pdf"
	case ".ps", ".eps":
		return "application/postscript"
	case ".rtf":
		return "application/rtf"
	case ".epub":
		return "application/epub+zip"
	case ".mobi":
		return "application/x-mobipocket-ebook"
	case ".doc":
		return "application/msword"
	case ".xls":
		return "application/vnd.ms-excel"
	case ".ppt":
		return "application/vnd.ms-powerpoint"
	case ".docx":
		return office + "wordprocessingml.document"
	case ".xlsx":
		return office + "spreadsheetml.sheet"
	case ".pptx":
		return office + "presentationml.presentation"
	case ".odt":
		return "application/vnd.oasis.opendocument.text"
	case ".ods":
		return "application/vnd.oasis.opendocument.spreadsheet"
	case ".odp":
		return "application/vnd.oasis.opendocument.presentation"
	}
	return ""
}

func builtinArchive(ext string) string {
	switch ext {
	case ".zip":
		return "application/zip"
	case ".gz", ".tgz":
		return "application/gzip"
	case ".zst":
		return "application/zstd"
	case ".bz2":
		return "application/x-bzip2"
	case ".xz":
		return "application/x-xz"
	case ".tar":
		return "application/x-tar"
	case ".7z":
		return "application/x-7z-compressed"
	case ".rar":
		return "application/vnd.rar"
	case ".jar":
		return "application/java-archive"
	case ".br", ".bin", ".exe", ".dll", ".so", ".iso", ".img", ".dmg", ".msi", ".deb", ".rpm", ".apk":
		return octetStream
	}
	return ""
}
