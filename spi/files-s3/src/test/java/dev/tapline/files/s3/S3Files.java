package dev.tapline.files.s3;

import dev.tapline.files.objects.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Files of a bucket, as somebody finds them who follows the pointers.
public final class S3Files {
  private static final String POINTER = "_current";

  private S3Files() {}

  /// Copies of the files that the pointer of a folder names.
  public static List<Path> current(S3Server server, String bucket, String folder, Path to)
      throws IOException {
    List<Path> files = new ArrayList<>();
    try (ObjectStore store = server.store(bucket)) {
      Optional<String> pointer = store.read(folder + POINTER);
      if (pointer.isEmpty()) {
        return files;
      }
      for (String key : store.list(key(store, pointer.get()))) {
        Path copy = to.resolve(key);
        Files.createDirectories(copy.getParent());
        Files.write(copy, server.bytes(bucket, key));
        if (!key.endsWith("/_SUCCESS")) {
          files.add(copy);
        }
      }
    }
    return files;
  }

  /// Folders that pointers among these objects name.
  public static List<String> pointedTo(ObjectStore store, List<String> keys) throws IOException {
    List<String> folders = new ArrayList<>();
    for (String key : keys) {
      if (key.endsWith("/" + POINTER)) {
        folders.add(key(store, store.read(key).orElseThrow()));
      }
    }
    return folders;
  }

  private static String key(ObjectStore store, String address) {
    return address.substring((store.address() + "/").length());
  }
}
