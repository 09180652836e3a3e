package dev.tapline.files.objects;

import dev.tapline.files.BackgroundTask;
import dev.tapline.files.DataFile;
import dev.tapline.files.objects.ObjectStore.Upload;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A data file that is uploaded to an object store. A part is uploaded while the next one is
/// gathered, so that at most two are in memory.
final class ObjectFile implements DataFile {
  private static final int INITIAL_BUFFER_SIZE = 64 << 10;
  private static final int MAX_PARTS = 10_000;

  private final ObjectStore store;
  private final String key;
  private final int partSize;
  private final BackgroundTask background = new BackgroundTask("upload");
  private final List<String> tags = new ArrayList<>();
  private final OutputStream out = new PartStream();
  private byte[] gathered = new byte[INITIAL_BUFFER_SIZE];
  private byte[] spare = new byte[0];
  private int length;
  private long size;
  private int parts;
  private boolean abandoned;
  private boolean finished;
  private @Nullable Upload upload;

  /// @param partSize the size of each part but the last
  ObjectFile(ObjectStore store, String key, int partSize) {
    this.store = store;
    this.key = key;
    this.partSize = partSize;
  }

  @Override
  public OutputStream stream() {
    return out;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public long bufferedBytes() {
    return gathered.length + (long) spare.length;
  }

  @Override
  public void abandon() {
    abandoned = true;
  }

  @Override
  public void finish() throws IOException {
    if (length > 0 || parts == 0) {
      send();
    }
    background.await();
    abandoned = true;
    finished = true;
    gathered = new byte[0];
    spare = gathered;
  }

  /// The upload and the tags of its parts, if it is finished.
  Optional<PreparedUpload> prepared(String destination, long version) {
    Upload whole = upload;
    return whole == null || !finished
        ? Optional.empty()
        : Optional.of(new PreparedUpload(destination, version, whole, tags));
  }

  @Override
  public void close() throws IOException {
    if (!finished) {
      giveUp();
    }
  }

  /// Aborts the upload, finished or not.
  void giveUp() throws IOException {
    abandoned = true;
    Upload begun = upload;
    upload = null;
    gathered = new byte[0];
    spare = gathered;
    if (begun != null) {
      try {
        background.await();
      } finally {
        store.abort(begun);
      }
    }
  }

  private void send() throws IOException {
    if (parts == MAX_PARTS) {
      throw new IOException(
          "%s/%s would have more than %d parts; set sink.s3.part-size to more, or sink.file-size to less"
              .formatted(store.address(), key, MAX_PARTS));
    }
    background.await();
    Upload to = upload;
    if (to == null) {
      to = store.begin(key);
      upload = to;
    }
    Upload target = to;
    byte[] bytes = gathered;
    int count = length;
    int number = ++parts;
    background.start(() -> {
      tags.add(store.upload(target, number, bytes, count));
      return null;
    });
    gathered = spare;
    spare = bytes;
    length = 0;
  }

  private void makeRoom() throws IOException {
    if (length == partSize) {
      send();
    }
    if (length == gathered.length) {
      int larger = Math.max(INITIAL_BUFFER_SIZE, gathered.length * 2);
      // A file that has filled one part will fill another.
      gathered = Arrays.copyOf(gathered, parts > 0 ? partSize : Math.min(partSize, larger));
    }
  }

  private final class PartStream extends OutputStream {
    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      if (abandoned) {
        return;
      }
      int done = 0;
      while (done < count) {
        makeRoom();
        int step = Math.min(count - done, gathered.length - length);
        System.arraycopy(bytes, offset + done, gathered, length, step);
        length += step;
        done += step;
      }
      size += count;
    }
  }
}
