package dev.tapline.sink.jsonl.files;

import com.github.luben.zstd.ZstdOutputStream;
import dev.tapline.files.FileForm;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/// The compressions of files. Concatenated gzip or zstd files are valid files.
public enum Compression {
  /// No compression.
  NONE(".jsonl", 0, 0),
  /// Gzip; levels 1 to 9.
  GZIP(".jsonl.gz", 6, 9),
  /// Zstandard; levels 1 to 19.
  ZSTD(".jsonl.zst", 3, 19);

  private static final int BUFFER = 64 << 10;

  private final String extension;
  private final int defaultLevel;
  private final int highestLevel;

  Compression(String extension, int defaultLevel, int highestLevel) {
    this.extension = extension;
    this.defaultLevel = defaultLevel;
    this.highestLevel = highestLevel;
  }

  /// The extension of the files.
  public String extension() {
    return extension;
  }

  /// The default level; 0 if there are no levels.
  public int defaultLevel() {
    return defaultLevel;
  }

  /// The highest level; the lowest is 1.
  public int highestLevel() {
    return highestLevel;
  }

  /// The form of destinations with this compression.
  FileForm form(boolean oneFile) {
    String word = name().toLowerCase(Locale.ROOT);
    String description =
        "layout: %s and compression: %s".formatted(oneFile ? "file" : "folder", word);
    return new FileForm(oneFile, word, extension, description);
  }

  /// All forms.
  static List<FileForm> forms() {
    List<FileForm> forms = new ArrayList<>();
    for (Compression compression : values()) {
      forms.add(compression.form(false));
      forms.add(compression.form(true));
    }
    return forms;
  }

  OutputStream wrap(OutputStream out, int level) throws IOException {
    return switch (this) {
      case NONE -> out;
      case GZIP -> new LeveledGzip(out, level);
      case ZSTD -> new ZstdOutputStream(out, level);
    };
  }

  private static final class LeveledGzip extends GZIPOutputStream {
    LeveledGzip(OutputStream out, int level) throws IOException {
      super(out, BUFFER);
      def.setLevel(level);
    }
  }
}
