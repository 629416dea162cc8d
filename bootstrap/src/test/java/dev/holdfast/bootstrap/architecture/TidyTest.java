package dev.holdfast.bootstrap.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.bootstrap.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Looks at the sources of all modules as texts. {@code tidy-exceptions.txt} holds the agreed
 * exceptions; it may only shrink, so one that is not needed any more fails too.
 */
class TidyTest {

  private static final int MAX_FILE_LINES = 300;
  private static final int MAX_METHOD_LINES = 40;
  private static final int MAX_COLUMNS = 100;
  private static final Path EXCEPTIONS =
      Repository.ROOT.resolve("bootstrap/src/test/resources/tidy-exceptions.txt");
  private static final Set<String> SKIPPED =
      Set.of(".git", ".holdfast", "target", ".idea", ".vscode");
  // In two parts, or this file would be one of those that it looks for.
  private static final String LEFTOVER = "FIX" + "ME";
  private static final String PRINT = "System." + "out";
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");

  @Test
  void sources_are_tidy_but_for_the_agreed_exceptions() throws IOException {
    var found = new TreeSet<String>();
    List<Path> sources = files(".java");
    for (Path source : sources) {
      checkSource(source, found);
    }
    JavaSource.methods(sources).stream()
        .filter(method -> method.lines() > MAX_METHOD_LINES)
        .forEach(method -> found.add("long-method " + name(method.file()) + " " + method.name()));

    assertThat(sources).hasSizeGreaterThan(100);
    assertThat(found).containsExactlyElementsOf(new TreeSet<>(exceptions()));
  }

  @Test
  void links_of_documents_lead_somewhere() throws IOException {
    var broken = new ArrayList<String>();
    List<Path> documents = files(".md");
    for (Path document : documents) {
      Matcher link = LINK.matcher(withoutCode(Files.readString(document)));
      while (link.find()) {
        if (!leadsSomewhere(document, link.group(1))) {
          broken.add(Repository.ROOT.relativize(document) + " -> " + link.group(1));
        }
      }
    }

    assertThat(documents).isNotEmpty();
    assertThat(broken).isEmpty();
  }

  private static void checkSource(Path source, Set<String> found) throws IOException {
    String name = name(source);
    List<String> lines = Files.readAllLines(source);
    if (lines.size() > MAX_FILE_LINES) {
      found.add("long-file " + name);
    }
    for (String line : lines) {
      checkLine(line, name, found);
    }
  }

  private static String name(Path source) {
    return Repository.ROOT.relativize(source).toString();
  }

  private static void checkLine(String line, String name, Set<String> found) {
    if (line.codePointCount(0, line.length()) > MAX_COLUMNS && !line.startsWith("import ")) {
      found.add("long-line " + name);
    }
    if (line.contains(LEFTOVER)) {
      found.add("leftover " + name);
    }
    if (line.contains(PRINT)) {
      found.add("prints " + name);
    }
    if (line.indexOf('\t') >= 0) {
      found.add("tab " + name);
    }
  }

  private static List<String> exceptions() throws IOException {
    return Files.readAllLines(EXCEPTIONS).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .toList();
  }

  private static boolean leadsSomewhere(Path document, String target) throws IOException {
    if (target.matches("[a-z]+:.*")) {
      return true;
    }
    int hash = target.indexOf('#');
    String file = hash < 0 ? target : target.substring(0, hash);
    Path there = file.isEmpty() ? document : document.resolveSibling(file);
    if (!Files.exists(there)) {
      return false;
    }
    return hash < 0
        || Files.isDirectory(there)
        || anchors(there).contains(target.substring(hash + 1));
  }

  private static List<String> anchors(Path document) throws IOException {
    return Files.readAllLines(document).stream()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ *", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-'))
        .toList();
  }

  private static String withoutCode(String text) {
    return text.replaceAll("(?s)```.*?```", "").replaceAll("`[^`\\n]*`", "");
  }

  private static List<Path> files(String ending) throws IOException {
    try (Stream<Path> paths = Files.walk(Repository.ROOT)) {
      return paths
          .filter(path -> path.toString().endsWith(ending))
          .filter(path -> !isSkipped(Repository.ROOT.relativize(path)))
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static boolean isSkipped(Path relative) {
    for (Path part : relative) {
      if (SKIPPED.contains(part.toString())) {
        return true;
      }
    }
    return false;
  }
}
