using System.Text.Json;

namespace Orleans.Pipeline.Bench.Cluster.Processes;

/// <summary>The other end of a <see cref="BenchProcess"/>. Runs the commands of standard input until it ends.</summary>
/// <param name="commands">The commands by the first word of a line. Each receives the other words.</param>
internal sealed class CommandLoop(IReadOnlyDictionary<string, Func<string[], Task<object>>> commands)
{
    public async Task RunAsync(CancellationToken stopping)
    {
        Answer(true);
        using var input = new StreamReader(Console.OpenStandardInput());
        // The read itself cannot be cancelled.
        while (await input.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(stopping) is { } line)
        {
            var words = line.Split(' ');
            Answer(await commands[words[0]](words[1..]));
        }
    }

    /// <summary>A command without a result. Its answer reports only that it is done.</summary>
    public static Func<string[], Task<object>> Done(Func<string[], Task> work) => async arguments =>
    {
        await work(arguments);
        return true;
    };

    /// <inheritdoc cref="Done(Func{string[], Task})" />
    public static Func<string[], Task<object>> Done(Action<string[]> work) => arguments =>
    {
        work(arguments);
        return Task.FromResult<object>(true);
    };

    private static void Answer(object value) => Console.WriteLine(JsonSerializer.Serialize(value));
}
