package dev.tapline.sink.jsonl.contract;

final class FolderGzipContractTest extends FilesContract {
  FolderGzipContractTest() {
    super("folder", "gzip");
  }
}
