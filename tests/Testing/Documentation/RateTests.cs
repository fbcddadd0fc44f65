using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline;
using Orleans.Pipeline.Testing;

public sealed class RateTests
{
    [Fact]
    public void An_order_without_a_rate_is_tried_again_and_then_kept_as_a_dead_letter()
    {
        var rates = new Rates();
        using var test = PipelineTest.For(Euros.Define, services => services.AddSingleton(rates));

        test.Send("orders", "customer-7", new Order("US", 1000));
        Assert.Empty(test.DeadLetters("euros"));

        test.AdvanceBy(TimeSpan.FromSeconds(1));
        Assert.Equal("no rate for US", test.DeadLetters("euros")[0].ErrorMessage);
        Assert.Equal(4, test.DeadLetters("euros")[0].Attempts);

        rates["US"] = 90;
        test.Replay("euros");
        Assert.Equal("customer-7: 900", test.Topic("orders.euros").ToString());
    }
}

public sealed class Rates : Dictionary<string, long>;

public sealed class ToEuros(Rates rates) : IStep<Order, long>
{
    public long Process(Order input, StepContext context) =>
        rates.TryGetValue(input.Country, out var percent)
            ? input.Cents * percent / 100
            : throw new TimeoutException($"no rate for {input.Country}");
}

public static class Euros
{
    public static void Define(PipelineCatalog catalog) => catalog
        .Add("euros", pipeline => pipeline.From<Order>("orders").Step<ToEuros, long>().To(Sink.Topic("orders.euros")));
}
