package dev.tapline.sink.jsonl.files;

import java.util.Locale;

/// The form in which a destination is written. Data of one form does not take the place of another
/// by itself: its name differs.
///
/// @param oneFile whether it is one file, and not a folder of files
/// @param compression how its files are compressed
record Form(boolean oneFile, Compression compression) implements Comparable<Form> {
  private static final String FILE = "file";
  private static final String FOLDER = "folder";
  private static final char SEPARATOR = '/';

  /// What ends the names of data files, with its dots.
  String extension() {
    return compression.extension();
  }

  /// As a marker has it: `folder/gzip`.
  String encode() {
    return layout() + SEPARATOR + word();
  }

  /// @throws IllegalArgumentException if this sink has no such form
  static Form decode(String text) {
    for (Compression compression : Compression.values()) {
      for (boolean oneFile : new boolean[] {false, true}) {
        Form form = new Form(oneFile, compression);
        if (form.encode().equals(text)) {
          return form;
        }
      }
    }
    throw new IllegalArgumentException("it names the form '" + text + "', which this sink lacks");
  }

  /// As in a descriptor.
  @Override
  public String toString() {
    return "layout: " + layout() + " and compression: " + word();
  }

  @Override
  public int compareTo(Form other) {
    return encode().compareTo(other.encode());
  }

  private String layout() {
    return oneFile ? FILE : FOLDER;
  }

  private String word() {
    return compression.name().toLowerCase(Locale.ROOT);
  }
}
