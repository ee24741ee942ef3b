import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;

/**
 * Says how Java reads properties and how Kafka reads sasl.jaas.config, a line of answer for each line of question:
 * "properties BASE64" or "jaas BASE64" gives "read NAME:VALUE …" (all in Base64) or "refused".
 */
public class Readers {
    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Object> read(String kind, byte[] text) throws Exception {
        Map<String, Object> found = new HashMap<>();
        if (kind.equals("properties")) {
            Properties properties = new Properties();
            properties.load(new ByteArrayInputStream(text));
            properties.forEach((name, value) -> found.put((String) name, value));
        } else {
            Password password = new Password(new String(text, StandardCharsets.UTF_8));
            var entry = JaasContext.loadClientContext(Map.of("sasl.jaas.config", password)).configurationEntries().get(0);
            found.putAll(entry.getOptions());
        }
        return found;
    }

    public static void main(String[] args) throws Exception {
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = questions.readLine()) != null; ) {
            String[] words = line.split(" ", 2);
            StringBuilder answer = new StringBuilder("read");
            try {
                for (var entry : new TreeMap<>(read(words[0], Base64.getDecoder().decode(words[1]))).entrySet()) {
                    answer.append(' ').append(base64(entry.getKey())).append(':').append(base64(String.valueOf(entry.getValue())));
                }
            } catch (Exception refusal) {
                answer.replace(0, answer.length(), "refused");
            }
            System.out.println(answer);
        }
    }
}
