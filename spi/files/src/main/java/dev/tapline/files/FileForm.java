package dev.tapline.files;

import java.util.List;

/// The form in which a destination is written. Data of one form does not take the place of another
/// by itself: its name differs.
///
/// @param oneFile whether it is one file, and not a folder of files
/// @param variant what else tells it apart from other forms of the sink: a compression, a format
/// @param extension what ends the names of its data files, with its dots
/// @param words how a descriptor asks for it, as in `layout: folder and compression: gzip`
public record FileForm(boolean oneFile, String variant, String extension, String words)
    implements Comparable<FileForm> {
  private static final String FILE = "file";
  private static final String FOLDER = "folder";
  private static final char SEPARATOR = '/';

  /// As a marker has it: `folder/gzip`.
  public String encode() {
    return (oneFile ? FILE : FOLDER) + SEPARATOR + variant;
  }

  /// The form out of a marker. A folder may be of a form that this sink lacks: another kind of sink
  /// has written it, and a new version takes its place all the same. A single file may not, as
  /// nobody knows what it is called.
  ///
  /// @param known the forms of this sink
  /// @throws IllegalArgumentException if it is none
  static FileForm decode(String text, List<FileForm> known) {
    for (FileForm form : known) {
      if (form.encode().equals(text)) {
        return form;
      }
    }
    if (text.startsWith(FOLDER + SEPARATOR)) {
      String variant = text.substring(FOLDER.length() + 1);
      return new FileForm(false, variant, "." + variant, "another kind of sink (" + text + ")");
    }
    throw new IllegalArgumentException("it names the form '" + text + "', which this sink lacks");
  }

  /// As in a descriptor.
  @Override
  public String toString() {
    return words;
  }

  @Override
  public int compareTo(FileForm other) {
    return encode().compareTo(other.encode());
  }
}
