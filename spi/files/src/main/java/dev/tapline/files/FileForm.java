package dev.tapline.files;

import java.io.IOException;
import java.util.List;

/// The form in which a destination is written. Data of one form does not replace that of another by
/// itself, since its name differs.
///
/// @param oneFile whether it is one file instead of a folder of files
/// @param variant what else distinguishes it from other forms of the sink: a compression or a
///   format
/// @param extension the extension of its data files, with dots
/// @param description the options that select it, as in `layout: folder and compression: gzip`
public record FileForm(boolean oneFile, String variant, String extension, String description)
    implements Comparable<FileForm> {
  private static final String FILE = "file";
  private static final String FOLDER = "folder";
  private static final char SEPARATOR = '/';

  /// Its text in a marker: `folder/gzip`.
  public String encode() {
    return (oneFile ? FILE : FOLDER) + SEPARATOR + variant;
  }

  /// Reads a form from a marker. A folder may have a form unknown to this sink: another kind of
  /// sink has written it, and a new version can replace it. A single file may not, since its name
  /// is not known.
  ///
  /// @param known the forms of this sink
  /// @throws IllegalArgumentException if it is not a form
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

  /// Rejects a prepared file of another form: it could not be read once joined with others or
  /// renamed.
  ///
  /// @throws IOException if the file has another extension
  public void requireFile(String name, String destination) throws IOException {
    if (!name.endsWith(extension)) {
      throw new IOException(
          "the file '%s' of destination '%s' was prepared in another form than %s; set the sink back for one run, which commits it"
              .formatted(name, destination, extension));
    }
  }

  /// The options that select it.
  @Override
  public String toString() {
    return description;
  }

  @Override
  public int compareTo(FileForm other) {
    return encode().compareTo(other.encode());
  }
}
