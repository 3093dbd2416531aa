/* SPDX-License-Identifier: MIT */
/*
 * TLM-2.0 sockets for blocking transport alone, bound without the converters of
 * tlm_utils: a call goes straight to the target's b_transport.
 */
#ifndef RINGSIDE_SIM_PLATFORM_BLOCKING_H
#define RINGSIDE_SIM_PLATFORM_BLOCKING_H

#include <systemc>
#include <tlm>

namespace ringside {

/* A target that offers b_transport and nothing else. */
struct blocking_target : tlm::tlm_fw_transport_if<> {
	tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload &,
					   tlm::tlm_phase &,
					   sc_core::sc_time &) override
	{
		return tlm::TLM_COMPLETED;
	}
	bool get_direct_mem_ptr(tlm::tlm_generic_payload &,
				tlm::tlm_dmi &) override
	{
		return false;
	}
	unsigned transport_dbg(tlm::tlm_generic_payload &) override
	{
		return 0;
	}
};

/* An initiator that is never called back. */
struct blocking_initiator : tlm::tlm_bw_transport_if<> {
	tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload &,
					   tlm::tlm_phase &,
					   sc_core::sc_time &) override
	{
		return tlm::TLM_COMPLETED;
	}
	void invalidate_direct_mem_ptr(sc_dt::uint64, sc_dt::uint64) override
	{
	}
};

} // namespace ringside

#endif
