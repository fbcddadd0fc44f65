using System.Text.Json;

namespace Orleans.Pipeline.Bench.Cluster.Processes;

/// <summary>The other end of a <see cref="BenchProcess"/>: does what standard input says until that ends.</summary>
/// <param name="commands">What it can do, by the first word of a line; each is given the other words.</param>
internal sealed class CommandLoop(IReadOnlyDictionary<string, Func<string[], Task<object>>> commands)
{
    public async Task RunAsync(CancellationToken stopping)
    {
        Answer(true);
        using var input = new StreamReader(Console.OpenStandardInput());
        while (await input.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(stopping) is { } line) // reading itself cannot be stopped
        {
            var words = line.Split(' ');
            Answer(await commands[words[0]](words[1..]));
        }
    }

    /// <summary>A command whose only answer is that it is done.</summary>
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
