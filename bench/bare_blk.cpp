/* SPDX-License-Identifier: MIT */
/*
 * The yardstick: the least SystemC that could read sectors through a split
 * virtqueue.  A driver thread, a device thread, a router and RAM; every DMA is
 * a b_transport, every MMIO write a b_transport with a wait.  No PCI, no
 * features, no errors, no observers.
 *
 *   bare_blk REQUESTS DEPTH [reads]
 *
 * prints nanoseconds of CPU a request.  `reads`: the device waits for each DMA
 * read.
 */
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <systemc>
#include <tlm>
#include <tlm_utils/multi_passthrough_target_socket.h>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <vector>

using namespace sc_core;
using tlm::tlm_generic_payload;

static uint64_t requests, depth;
static bool wait_reads;

enum : uint64_t {
	RAM_SIZE = 1 << 20,
	DEVICE = 1 << 24,
	DESC = 0x1000,
	AVAIL = 0x3000,
	USED = 0x4000,
	DATA = 0x10000,
	QUEUE = 256,
};

struct desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags, next;
};

struct ram_model : sc_module {
	tlm_utils::simple_target_socket<ram_model> bus;
	std::vector<uint8_t> bytes;

	explicit ram_model(sc_module_name n)
		: sc_module(n), bus("bus"), bytes(RAM_SIZE)
	{
		bus.register_b_transport(this, &ram_model::transport);
	}
	void transport(tlm_generic_payload &t, sc_time &)
	{
		uint8_t *at = &bytes[t.get_address()];

		if (t.is_read())
			memcpy(t.get_data_ptr(), at, t.get_data_length());
		else
			memcpy(at, t.get_data_ptr(), t.get_data_length());
		t.set_response_status(tlm::TLM_OK_RESPONSE);
	}
};

struct router : sc_module {
	tlm_utils::multi_passthrough_target_socket<router> from;
	tlm_utils::simple_initiator_socket<router> to_ram, to_device;

	explicit router(sc_module_name n)
		: sc_module(n), from("from"), to_ram("ram"), to_device("device")
	{
		from.register_b_transport(this, &router::transport);
	}
	void transport(int, tlm_generic_payload &t, sc_time &delay)
	{
		if (t.get_address() < RAM_SIZE)
			to_ram->b_transport(t, delay);
		else
			to_device->b_transport(t, delay);
	}
};

struct initiator {
	tlm_generic_payload t;

	template <class S>
	void go(S &socket, bool write, uint64_t addr, void *data, uint32_t len)
	{
		sc_time delay = SC_ZERO_TIME;

		t.set_command(write ? tlm::TLM_WRITE_COMMAND :
				      tlm::TLM_READ_COMMAND);
		t.set_address(addr);
		t.set_data_ptr((unsigned char *)data);
		t.set_data_length(len);
		t.set_streaming_width(len);
		socket->b_transport(t, delay);
	}
};

struct device : sc_module {
	tlm_utils::simple_target_socket<device> regs;
	tlm_utils::simple_initiator_socket<device> dma;
	sc_event kicked, *irq = nullptr;
	initiator i;
	uint16_t seen = 0, used = 0;
	uint8_t sector[512] = {};

	SC_HAS_PROCESS(device);
	explicit device(sc_module_name n) : sc_module(n), regs("regs"), dma("dma")
	{
		regs.register_b_transport(this, &device::transport);
		SC_THREAD(work);
	}
	void transport(tlm_generic_payload &t, sc_time &delay)
	{
		t.set_response_status(tlm::TLM_OK_RESPONSE);
		delay += sc_time(10, SC_NS);
		kicked.notify(sc_time(100, SC_NS));
	}
	void read(uint64_t addr, void *data, uint32_t len)
	{
		i.go(dma, false, addr, data, len);
		if (wait_reads)
			wait(sc_time::from_value(300000));
	}
	void write(uint64_t addr, const void *data, uint32_t len)
	{
		i.go(dma, true, addr, const_cast<void *>(data), len);
	}
	void one(uint16_t slot)
	{
		struct { uint32_t id, len; } element;
		uint8_t header[16], status = 0;
		uint16_t head, n;
		desc d[3];

		read(AVAIL + 4 + 2 * slot, &head, 2);
		for (n = 0; n < 3; n++)
			read(DESC + 16 * (n ? d[n - 1].next : head), &d[n], 16);
		read(d[0].addr, header, 16);
		write(d[1].addr, sector, 512);
		write(d[2].addr, &status, 1);
		element = { head, 513 };
		write(USED + 4 + 8 * (used % QUEUE), &element, 8);
		used++;
		write(USED + 2, &used, 2);
	}
	void work()
	{
		for (;;) {
			uint16_t idx;

			wait(kicked);
			for (;;) {
				read(AVAIL + 2, &idx, 2);
				if (idx == seen)
					break;
				while (seen != idx)
					one(seen++ % QUEUE);
			}
			wait(sc_time::from_value(500000));
			irq->notify(sc_time(50, SC_NS));
		}
	}
};

struct driver : sc_module {
	tlm_utils::simple_initiator_socket<driver> bus;
	sc_event irq;
	ram_model *ram;
	initiator i;
	double ns = 0;

	SC_HAS_PROCESS(driver);
	driver(sc_module_name n, ram_model *r) : sc_module(n), bus("bus"), ram(r)
	{
		SC_THREAD(work);
	}
	template <class T> T &at(uint64_t addr) { return *(T *)&ram->bytes[addr]; }
	void publish(uint16_t slot, uint16_t avail)
	{
		uint64_t data = DATA + 1024 * slot;
		uint16_t head = 3 * slot;

		at<desc>(DESC + 16 * head) = { data, 16, 1, (uint16_t)(head + 1) };
		at<desc>(DESC + 16 * (head + 1)) = { data + 64, 512, 3,
						     (uint16_t)(head + 2) };
		at<desc>(DESC + 16 * (head + 2)) = { data + 600, 1, 2, 0 };
		at<uint16_t>(AVAIL + 4 + 2 * (avail % QUEUE)) = head;
		at<uint16_t>(AVAIL + 2) = avail + 1;
	}
	void work()
	{
		uint16_t avail = 0, seen = 0, kick = 0;
		struct timespec a, b;

		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
		for (uint64_t n = 0; n < requests; n += depth) {
			for (uint64_t k = 0; k < depth; k++)
				publish(k, avail++);
			i.go(bus, true, DEVICE, &kick, 2);
			wait(sc_time(10, SC_NS));
			while (seen != avail) {
				wait(irq);
				while (seen != at<uint16_t>(USED + 2))
					seen++;
			}
		}
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
		ns = (b.tv_sec - a.tv_sec) * 1e9 + (b.tv_nsec - a.tv_nsec);
	}
};

int sc_main(int, char **)
{
	ram_model ram("ram");
	router bus("bus");
	device dev("device");
	driver drv("driver", &ram);

	drv.bus.bind(bus.from);
	dev.dma.bind(bus.from);
	bus.to_ram.bind(ram.bus);
	bus.to_device.bind(dev.regs);
	dev.irq = &drv.irq;
	sc_start();
	printf("%.1f\n", drv.ns / requests);
	return 0;
}

int main(int argc, char **argv)
{
	requests = argc > 1 ? strtoull(argv[1], nullptr, 10) : 100000;
	depth = argc > 2 ? strtoull(argv[2], nullptr, 10) : 1;
	wait_reads = argc > 3;
	setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
	return sc_elab_and_sim(argc, argv);
}
