package dev.tapline.files.s3;

import dev.tapline.files.objects.ObjectStore;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.Location;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.services.s3.S3Client;

/// A server of the S3 protocol in this process: S3Proxy with a file system in memory. It checks
/// signatures.
public final class S3Server implements AutoCloseable {
  /// What it accepts.
  public static final String ACCESS_KEY = "tapline";

  /// What it accepts.
  public static final String SECRET_KEY = "open-sesame-of-the-store";

  private static final S3Server SHARED = new S3Server();

  private final S3Proxy server;

  /// Starts one.
  public S3Server() {
    try {
      server =
          S3Proxy.builder()
              .endpoint(URI.create("http://127.0.0.1:0"))
              .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY)
              .blobStore(new TransientNio2BlobStore())
              .build();
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException("the S3 server does not start", e);
    }
  }

  /// One for all tests of this process.
  public static S3Server shared() {
    return SHARED;
  }

  /// Its port.
  public int port() {
    return server.getPort();
  }

  /// Its address.
  public String endpoint() {
    return "http://127.0.0.1:" + port();
  }

  /// A bucket of its own, empty.
  public String bucket() throws IOException {
    String name = "test-" + UUID.randomUUID();
    try (S3Client client = S3ClientFactory.make(settings(name, keys(endpoint())))) {
      client.createBucket(request -> request.bucket(name));
    }
    return name;
  }

  /// What a descriptor says to reach it.
  public Map<String, Object> keys() {
    return keys(endpoint());
  }

  /// What a descriptor says to reach it by another address.
  public static Map<String, Object> keys(String endpoint) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("endpoint", endpoint);
    keys.put("path-style", true);
    keys.put("access-key", ACCESS_KEY);
    keys.put("secret-key", SECRET_KEY);
    return keys;
  }

  /// The bucket as the tests look at it.
  public ObjectStore store(String bucket) {
    return new S3Store(settings(bucket, keys()));
  }

  /// The content of an object.
  public byte[] bytes(String bucket, String key) throws IOException {
    try (S3Client client = S3ClientFactory.make(settings(bucket, keys()))) {
      return client.getObjectAsBytes(request -> request.bucket(bucket).key(key)).asByteArray();
    }
  }

  /// Settings for a bucket.
  public static S3Config settings(String address, Map<String, Object> keys) {
    return S3Config.of(
        new Location.Remote(S3Config.SCHEME, address),
        Optional.of(Config.of(S3Config.SECTION.section().orElseThrow(), keys)));
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
