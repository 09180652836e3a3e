package dev.tapline.sink.parquet.contract;

import java.util.Map;

final class AvroCompactContractTest extends FolderContract {
  AvroCompactContractTest() {
    super(Map.of("compact", true, "format", "avro"));
  }
}
