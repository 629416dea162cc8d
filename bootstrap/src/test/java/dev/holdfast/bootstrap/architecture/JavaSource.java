package dev.holdfast.bootstrap.architecture;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Finds the methods of a source file, by the compiler's own parser. */
final class JavaSource {

  private JavaSource() {}

  /** A method and how many lines its body has. */
  record Method(Path file, String name, long lines) {}

  static List<Method> methods(List<Path> sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      var task = (JavacTask) compiler.getTask(
          null,
          files,
          null,
          List.of("-proc:none"),
          null,
          files.getJavaFileObjectsFromPaths(sources));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      var methods = new ArrayList<Method>();
      for (CompilationUnitTree unit : task.parse()) {
        new Scanner(unit, positions, methods).scan(unit, null);
      }
      return methods;
    }
  }

  private static final class Scanner extends TreeScanner<Void, Void> {

    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<Method> methods;

    Scanner(CompilationUnitTree unit, SourcePositions positions, List<Method> methods) {
      this.unit = unit;
      this.positions = positions;
      this.methods = methods;
    }

    @Override
    public Void visitMethod(MethodTree method, Void nothing) {
      if (method.getBody() != null) {
        long begin = positions.getStartPosition(unit, method.getBody());
        long end = positions.getEndPosition(unit, method.getBody());
        long lines =
            unit.getLineMap().getLineNumber(end) - unit.getLineMap().getLineNumber(begin) + 1;
        methods.add(
            new Method(Path.of(unit.getSourceFile().toUri()), method.getName().toString(), lines));
      }
      return super.visitMethod(method, null);
    }
  }
}
