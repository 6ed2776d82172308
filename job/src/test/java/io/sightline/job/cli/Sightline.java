package io.sightline.job.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/**
 * The whole command line, run in this process.
 *
 * @param code the exit code
 */
record Sightline(int code, String out, String err) {
    static Sightline run(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = String.valueOf(arguments[i]);
        }
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return new Sightline(line.execute(texts), out.toString(), err.toString());
    }

    /** Everything it said, for a test that fails. */
    String said() {
        return "exit code " + code + "\n" + out + "\n" + err;
    }
}
